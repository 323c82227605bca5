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


def _check_weights(w_q: np.ndarray, w_k: np.ndarray, w_v: np.ndarray) -> None:
    """ValueError unless the three weights are matrices that fit each other."""
    if w_q.ndim != 2 or w_k.ndim != 2 or w_v.ndim != 2:
        raise ValueError("the weights must be 2-D")
    if not w_q.shape[0] == w_k.shape[0] == w_v.shape[0]:
        raise ValueError("the weights differ in their first dimension, d_model")
    if w_q.shape[1] != w_k.shape[1]:
        raise ValueError("queries and keys have different widths")


def _resolve_scale(scale: float | None, d_k: int) -> float:
    """The scale as a float; None becomes 1 / sqrt(d_k)."""
    if scale is None:
        return float(1.0 / np.sqrt(d_k))
    if not scale > 0:  # written like this, so that NaN is refused too
        raise ValueError(f"scale must be > 0, got {scale}")
    return float(scale)


def _resolve_mask(mask: np.ndarray | None, shape: tuple[int, ...]) -> np.ndarray:
    """The mask broadcast to exactly this shape (a read-only view); None becomes all True."""
    if mask is None:
        return np.broadcast_to(True, shape)
    mask = np.asarray(mask)
    if mask.dtype != np.bool_:
        raise ValueError(f"mask must be bool, got {mask.dtype}")
    return np.broadcast_to(mask, shape)  # raises ValueError by itself


def _hide_unseen(v: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Zero the values of the keys that no query may look at: 0 times an overflown value would be NaN."""
    return np.where(mask.any(axis=-2)[..., None], v, 0.0)


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
    x, w_q, w_k, w_v = (np.asarray(array, dtype=np.float64) for array in (x, w_q, w_k, w_v))
    if x.ndim < 2:
        raise ValueError("x must have at least 2 axes")
    _check_weights(w_q, w_k, w_v)
    if x.shape[-1] != w_q.shape[0]:
        raise ValueError(f"tokens have width {x.shape[-1]}, the weights want {w_q.shape[0]}")
    return x @ w_q, x @ w_k, x @ w_v


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
    scores = np.asarray(scores, dtype=np.float64)
    mask = _resolve_mask(mask, scores.shape)
    scores = np.where(mask, scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True, initial=-np.inf)
    top = np.where(np.isneginf(top), 0.0, top)  # rows without True: avoids -inf - -inf
    weights = np.exp(scores - top)
    total = weights.sum(axis=-1, keepdims=True)
    return weights / np.where(total > 0, total, 1.0)


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
    q_i, keys, values = (np.asarray(array, dtype=np.float64) for array in (q_i, keys, values))
    if keys.shape[0] == 0:
        raise ValueError("there are no keys")
    scale = _resolve_scale(scale, keys.shape[-1])
    kept = _resolve_mask(mask_i, keys.shape[:1])
    alpha_i = masked_softmax(scale * (keys @ q_i), kept)
    b_i = alpha_i @ np.where(kept[:, None], values, 0.0)
    return b_i, alpha_i


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
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 2:
        raise ValueError("x must be one sentence, (n, d_model)")
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    n = x.shape[0]
    scale = _resolve_scale(scale, k.shape[-1])
    rows = [None] * n if mask is None else _resolve_mask(mask, (n, n))
    attend = attend_one if attend is None else attend
    b, alpha = [], []
    for q_i, mask_i in zip(q, rows, strict=True):
        b_i, alpha_i = attend(q_i, k, v, mask_i, scale)
        b.append(np.array(b_i, dtype=np.float64))  # copies, in case attend reuses its arrays
        alpha.append(np.array(alpha_i, dtype=np.float64))
    return np.stack(b), np.stack(alpha)


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
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    scale = _resolve_scale(scale, k.shape[-1])
    scores = scale * (q @ np.swapaxes(k, -1, -2))
    mask = _resolve_mask(mask, scores.shape)
    alpha = masked_softmax(scores, mask)
    return alpha @ _hide_unseen(v, mask), alpha


def causal_mask(n: int) -> np.ndarray:
    """The mask of a language model: token i may look at itself and at what came before, i.e. at j <= i.

    Args:
        n: number of tokens, may be 0.

    Returns:
        bool (n, n), entry [i, j] True if and only if j <= i. n = 0 gives shape (0, 0).

    Raises:
        ValueError: n < 0.
    """
    if n < 0:
        raise ValueError(f"n must not be negative, got {n}")
    return np.tri(n, dtype=bool)


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
    lengths = np.asarray(lengths)
    if np.any(lengths < 0) or np.any(lengths > n):
        raise ValueError(f"lengths must be in 0 ... {n}")
    return np.arange(n) < lengths[:, None, None]


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
    d_b, x, w_q, w_k, w_v = (np.asarray(array, dtype=np.float64) for array in (d_b, x, w_q, w_k, w_v))
    if x.ndim != 2:
        raise ValueError("x must be one sentence, (n, d_model)")
    # forward
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    scale = _resolve_scale(scale, k.shape[-1])
    scores = scale * (q @ k.T)
    mask = _resolve_mask(mask, scores.shape)
    alpha = masked_softmax(scores, mask)
    # back through b = alpha v
    d_v = alpha.T @ d_b
    d_alpha = np.where(mask, d_b @ v.T, 0.0)
    # back through the softmax; alpha is 0 at hidden positions, and so is d_s
    d_s = alpha * (d_alpha - np.sum(alpha * d_alpha, axis=-1, keepdims=True))
    # back through s = scale * q k^T
    d_q = scale * (d_s @ k)
    d_k = scale * (d_s.T @ q)
    return {
        "x": d_q @ w_q.T + d_k @ w_k.T + d_v @ w_v.T,
        "w_q": x.T @ d_q,
        "w_k": x.T @ d_k,
        "w_v": x.T @ d_v,
    }


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
        # copies: later changes of the caller's arrays must not mix two models in one cache
        self._w_q, self._w_k, self._w_v = (np.array(w, dtype=np.float64) for w in (w_q, w_k, w_v))
        _check_weights(self._w_q, self._w_k, self._w_v)
        self._scale = _resolve_scale(scale, self._w_k.shape[1])
        self.reset()

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
        x_t = np.asarray(x_t, dtype=np.float64)
        if x_t.shape != self._w_q.shape[:1]:
            raise ValueError(f"a token has the shape {self._w_q.shape[:1]}, got {x_t.shape}")
        self._keys.append(x_t @ self._w_k)
        self._values.append(x_t @ self._w_v)
        b_t, _ = attend_one(x_t @ self._w_q, *self.cache(), scale=self._scale)
        return b_t

    def cache(self) -> tuple[np.ndarray, np.ndarray]:
        """Keys and values of the t tokens since the start or the last reset.

        Returns:
            (keys, values): (t, d_k) and (t, d_v), in the order of the tokens; with t = 0 they have 0 rows,
            but still these widths.
        """
        # the reshape gives an empty cache its widths
        keys = np.array(self._keys, dtype=np.float64).reshape(-1, self._w_k.shape[1])
        values = np.array(self._values, dtype=np.float64).reshape(-1, self._w_v.shape[1])
        return keys, values

    def reset(self) -> None:
        """Forget all tokens: the cache is empty, and the next step begins a new sentence."""
        self._keys: list[np.ndarray] = []
        self._values: list[np.ndarray] = []
