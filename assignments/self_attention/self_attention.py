"""Self-attention, one step at a time and all at once.

The note asks: 「self-attention的流程?」 What are the steps of self-attention?

    q = x w_q,  k = x w_k,  v = x w_v           every token gets a query, a key and a value
    s_ij = scale * (q_i · k_j)                  every query is scored against every key
    alpha_i = softmax of s_i over the keys j    scores become weights that sum to 1
    b_i = sum_j alpha_ij v_j                    the output is a weighted sum of all values

No b_i occurs in another one, so they can be computed one by one, in any order, or all at once:
B = softmax(scale * Q K^T) V. This module has both forms, the masks that say who may look at whom, the
gradients, and a form that meets its tokens one at a time, as in text generation.

Letters: n tokens of width d_model; queries and keys have width d_k, values d_v; B sentences in a batch.

Rules for every function:
    arrays    float64 unless said otherwise; x and the weights are finite; no argument is changed.
    masks     bool, True = "may look at", with broadcasting as in numpy. None hides nothing.
    scale     a positive number. None means 1 / sqrt(d_k), with the width of the *keys*. ValueError unless
              scale > 0 (so for 0, negative numbers and NaN).

Sources: Vaswani et al. 2017, "Attention Is All You Need" (arXiv:1706.03762), section 3.2.1 for the formula
and footnote 4 for the scale, section 4 for cost and path length.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def project_qkv(
    x: np.ndarray, w_q: np.ndarray, w_k: np.ndarray, w_v: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Queries, keys and values: q = x w_q, k = x w_k, v = x w_v.

    Tokens are rows, so the weights stand on the right and are not transposed. There is no bias. The same
    three matrices serve every token.

    Args:
        x: (..., n, d_model); any number of leading batch axes, also none.
        w_q: (d_model, d_k).
        w_k: (d_model, d_k), as wide as w_q, for queries and keys meet in an inner product.
        w_v: (d_model, d_v).

    Returns:
        (q, k, v): (..., n, d_k), (..., n, d_k) and (..., n, d_v).

    Raises:
        ValueError: x has fewer than 2 axes; a weight is not 2-D; the first dimension of a weight is not
            d_model; w_q and w_k have different widths.
    """
    raise NotImplementedError


def masked_softmax(scores: np.ndarray, mask: np.ndarray | None = None) -> np.ndarray:
    """Softmax over the last axis, among the positions where the mask is True.

    p_j = exp(s_j) / sum_m exp(s_m), where j and m run over the True positions; exactly 0.0 at all others. A
    row without any True is a row of zeros: nothing to look at, nothing to give.

    Adding a constant to a row does not change its softmax, but it decides whether exp overflows or vanishes.
    Kept scores are finite; some or all of them may be as large as 1e9 in absolute value, and the result is as
    exact as for scores near 0. Scores at False positions may be *anything*, also inf and NaN, and influence
    nothing. (So no finite number is low enough to stand for "hidden", and neither a sum nor a product removes
    a NaN.)

    Args:
        scores: (..., m).
        mask: bool, broadcasts to scores.shape; None keeps every position.

    Returns:
        Weights of the shape of scores. Each row sums to 1, or is 0 throughout if no position is kept. numpy's
        RuntimeWarnings are tolerated.

    Raises:
        ValueError: mask is not bool (0 and 1 are refused too), or does not broadcast *to* scores.shape; it
            must not make the result larger than scores.
    """
    raise NotImplementedError


def attend_one(
    q_i: np.ndarray,
    keys: np.ndarray,
    values: np.ndarray,
    mask_i: np.ndarray | None = None,
    scale: float | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """One query looks at n keys and takes home a weighted sum of their values.

    alpha_ij = softmax over j of scale * (q_i · k_j), restricted to the j that mask_i allows, and
    b_i = sum_j alpha_ij v_j. If mask_i allows nothing, both are 0.

    Args:
        q_i: (d_k,).
        keys: (n, d_k), n >= 1.
        values: (n, d_v).
        mask_i: bool (n,); True = this query may look at this key. None allows all of them.
        scale: positive; None means 1 / sqrt(d_k).

    Returns:
        (b_i, alpha_i): (d_v,) and (n,).

    Raises:
        ValueError: n = 0; scale is not > 0; mask_i as in `masked_softmax`.
    """
    raise NotImplementedError


def self_attention_loop(
    x: np.ndarray,
    w_q: np.ndarray,
    w_k: np.ndarray,
    w_v: np.ndarray,
    mask: np.ndarray | None = None,
    scale: float | None = None,
    attend: Callable | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Self-attention of one sentence as the note tells it: query after query.

    Calls `attend(q_i, k, v, mask_i, scale)`, with these five positional arguments, exactly n times, in the
    order i = 0, ..., n - 1:

        q_i      (d_k,), the query of token i
        k, v     (n, d_k) and (n, d_v), all keys and all values, the same in every call
        mask_i   bool (n,), row i of the mask broadcast to (n, n); None if mask is None
        scale    a float, also if it was given as None: then 1 / sqrt(d_k)

    Each call returns a pair (b_i, alpha_i), whatever it is made of; the pairs are stacked. Nothing that a
    call returns goes into another call. That is why the loop can be replaced by one product of matrices.

    Args:
        x: (n, d_model), exactly 2 axes, n >= 1.
        w_q, w_k, w_v: as in `project_qkv`.
        mask: bool, broadcasts to (n, n); entry [i, j] True = query i may look at key j.
        scale: positive; None means 1 / sqrt(d_k).
        attend: called for each query; None means `attend_one`.

    Returns:
        (b, alpha): (n, d_v) and (n, n), the rows in the order of the tokens.

    Raises:
        ValueError: x is not 2-D; scale is not > 0; mask is not bool or does not broadcast to (n, n); weights
            as in `project_qkv`. All of this before the first call of `attend`.
    """
    raise NotImplementedError


def self_attention(
    x: np.ndarray,
    w_q: np.ndarray,
    w_k: np.ndarray,
    w_v: np.ndarray,
    mask: np.ndarray | None = None,
    scale: float | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Self-attention of whole sentences and batches at once.

    The same function as `self_attention_loop`, for every sentence of the batch: with all n queries below one
    another, all scores are one product of matrices, and all weighted sums are another.

    There is **no Python-level loop over positions or over the batch**, here and in `masked_softmax`: the
    number of bytecodes that your code executes must not grow with n or with the batch (comprehensions,
    np.vectorize and np.apply_along_axis of your functions count as loops).

    Args:
        x: (..., n, d_model), n >= 1; any number of leading batch axes, also none. Sentences do not see one
            another.
        w_q, w_k, w_v: as in `project_qkv`.
        mask: bool, broadcasts to (..., n, n); entry [i, j] True = query i may look at key j. A query that may
            look at nothing gets a zero output.
        scale: positive; None means 1 / sqrt(d_k).

    Returns:
        (b, alpha): (..., n, d_v) and (..., n, n).

    Raises:
        ValueError: scale is not > 0; mask is not bool or does not broadcast to (..., n, n); x and weights as
            in `project_qkv`.
    """
    raise NotImplementedError


def causal_mask(n: int) -> np.ndarray:
    """The mask of a language model: token i may look at itself and at what came before, i.e. at j <= i.

    Args:
        n: number of tokens, may be 0.

    Returns:
        bool (n, n), entry [i, j] True if and only if j <= i. n = 0 gives shape (0, 0).

    Raises:
        ValueError: n < 0.
    """
    raise NotImplementedError


def padding_mask(lengths: np.ndarray, n: int) -> np.ndarray:
    """The mask of a batch of sentences that were padded on the right to n tokens: nobody looks at padding.

    The axis of length 1 is that of the queries. Padding is hidden as a *key*; what a padding position gets as
    a query does not matter to anybody.

    Args:
        lengths: int (B,), numbers of real tokens, each from 0 to n.
        n: length of the padded sentences.

    Returns:
        bool (B, 1, n), entry [b, 0, j] True if and only if j < lengths[b]. It broadcasts to the (B, n, n)
        that `self_attention` wants for x of shape (B, n, d_model).

    Raises:
        ValueError: a length is negative or greater than n.
    """
    raise NotImplementedError


def self_attention_backward(
    d_b: np.ndarray,
    x: np.ndarray,
    w_q: np.ndarray,
    w_k: np.ndarray,
    w_v: np.ndarray,
    mask: np.ndarray | None = None,
    scale: float | None = None,
) -> dict[str, np.ndarray]:
    """The gradients of a loss L in x and in the weights, given dL/db.

    Walk back through b = alpha v, alpha = softmax(s), s = scale * q k^T, and q, k, v = x w_q, x w_k, x w_v.
    Two rules do it. A product Y = M N of matrices has the gradients dM = dY N^T and dN = M^T dY; the softmax
    has

        d alpha_ij / d s_im = alpha_ij ([j = m] - alpha_im)

    so *every* score of a row acts on *every* weight of the row, since they share a sum of 1. x is used three
    times; its gradient is the sum over the three ways back. A query whose row of the mask is all False
    contributes 0.

    Args:
        d_b: (n, d_v), the gradient of L at the first result of `self_attention`.
        x: (n, d_model), exactly 2 axes.
        w_q, w_k, w_v, mask, scale: as in the forward pass.

    Returns:
        A dict with the keys "x", "w_q", "w_k" and "w_v"; each value has the shape of the argument of this
        name.

    Raises:
        ValueError: x is not 2-D; scale, mask and weights as in `self_attention`.
    """
    raise NotImplementedError


class StreamingSelfAttention:
    """Causal self-attention of a sentence that arrives token by token, as in generation.

    Under the causal mask nothing that an earlier token computed depends on a later token. So old keys and
    values never change, and may be kept: a step projects the new token only and scores one query against t
    keys, O(t) instead of O(t^2) work. Its output is the last row of `self_attention` with `causal_mask` on
    the tokens so far. Old queries are not kept, for nobody needs their answers again.

    Objects do not share anything: each has a cache of its own.
    """

    def __init__(self, w_q: np.ndarray, w_k: np.ndarray, w_v: np.ndarray, scale: float | None = None) -> None:
        """Start with an empty cache.

        Args:
            w_q: (d_model, d_k).
            w_k: (d_model, d_k).
            w_v: (d_model, d_v).
            scale: positive; None means 1 / sqrt(d_k).

        Raises:
            ValueError: scale is not > 0.
        """
        raise NotImplementedError

    def step(self, x_t: np.ndarray) -> np.ndarray:
        """Take in one token: append its key and its value to the cache and return its output.

        The token looks at itself too, so its own key and value take part.

        Args:
            x_t: (d_model,).

        Returns:
            b_t, (d_v,).

        Raises:
            ValueError: x_t is not of shape (d_model,), also if it has the right width and more axes. The
                cache is unchanged then.
        """
        raise NotImplementedError

    def cache(self) -> tuple[np.ndarray, np.ndarray]:
        """Keys and values of the t tokens since the start or the last reset.

        Returns:
            (keys, values): (t, d_k) and (t, d_v), in the order of the tokens; with t = 0 they have 0 rows,
            but still these widths.
        """
        raise NotImplementedError

    def reset(self) -> None:
        """Forget all tokens: the cache is empty, and the next step begins a new sentence."""
        raise NotImplementedError
