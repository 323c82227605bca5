"""Permutation equivariance, and how position gets into a Transformer.

The note asks: 「为什么需要position embedding?」 Why are position embeddings needed?

Self-attention compares contents and averages contents; no index occurs in it. Shuffle the tokens and the
outputs are shuffled in the same way, f(X[perm]) = f(X)[perm]: the layer is permutation *equivariant*, and
"dog bites man" and "man bites dog" give the same three vectors. Order has to be put in, and there are three
places for it: the input (`sinusoidal_pe`, `add_positions`), the queries and keys (`rope`), the scores
(`relative_bias`, or just a causal mask).

One idea carries the sinusoids and the rotary code alike. Each pair (2i, 2i + 1) of the width is a clock hand
with a frequency of its own,

    angle(p, i) = p * base**(-2i / width)        i = 0, ..., width / 2 - 1,

fast for the first pair, slow for the last. Moving on by k positions turns each hand by a fixed angle,
wherever it stands; this is how *relative* position can be had from absolute codes.

L is the length, D the width. Real results are float64. No function changes its arguments.

Sources: Vaswani et al. 2017, "Attention Is All You Need" (arXiv:1706.03762), section 3.5; Shaw et al. 2018,
"Self-Attention with Relative Position Representations" (arXiv:1803.02155); Su et al. 2021, "RoFormer:
Enhanced Transformer with Rotary Position Embedding" (arXiv:2104.09864).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def sinusoidal_pe(length: int, d_model: int, base: float = 10000.0, offset: int = 0) -> np.ndarray:
    """The sinusoidal position codes of consecutive positions, one row each.

    Row r belongs to position p = offset + r. Sines and cosines alternate, and both of a pair have the *same*
    argument (Vaswani et al. 2017, section 3.5):

        PE[r, 2i]     = sin(p * base**(-2i / d_model))
        PE[r, 2i + 1] = cos(p * base**(-2i / d_model))        i = 0, ..., d_model / 2 - 1

    The wavelengths grow from 2 pi to 2 pi * base**((d_model - 2) / d_model), a little less than 2 pi * base.

    Args:
        length: number of rows L; 0 gives an empty array of shape (0, d_model).
        d_model: width; even, at least 2.
        base: positive; the larger, the slower the last pairs turn.
        offset: position of the first row, any int. Decoding one token at a time needs it.

    Returns:
        float64 (length, d_model). Compute in float64 throughout: at position 10000 a float32 angle is off by
        some 4e-4.

    Raises:
        ValueError: d_model is odd or below 2, length is negative, or base is not positive.
    """
    raise NotImplementedError


def shift_matrix(d_model: int, k: int, base: float = 10000.0) -> np.ndarray:
    """The matrix that moves a sinusoidal code by k positions, the same one at every position.

    PE(p + k) = M @ PE(p) for all p, where PE(p) is the row of `sinusoidal_pe` for position p, taken as a
    column vector. This is why Vaswani et al. (2017, section 3.5) expect that a model can easily learn to
    attend by relative positions. M is orthogonal, and shifts add up: M(k) @ M(l) = M(k + l).

    Args:
        d_model: width; even, at least 2.
        k: how far to move; negative moves back, 0 gives the identity.
        base: as in `sinusoidal_pe`, positive.

    Returns:
        float64 (d_model, d_model). Pairs do not mix: outside the 2 x 2 blocks on the diagonal all is 0.
    """
    raise NotImplementedError


def add_positions(X: np.ndarray, pe: np.ndarray, scale: bool = False) -> np.ndarray:
    """Add a code to every token: the code of position l to token l of each sentence.

    X * (sqrt(D) if scale else 1) + pe[:L], the same codes for each sentence of the batch. The scale acts on
    the embeddings alone, which Vaswani et al. (2017, section 3.4) multiply by sqrt(D); where embeddings are
    initialised with a standard deviation of 1 / sqrt(D), codes of size 1 would drown them otherwise.

    Args:
        X: float (B, L, D), the token embeddings of a batch; B has nothing to do with positions.
        pe: float (M, D), one code per position; M >= L, and what is left over is not used.
        scale: whether to multiply X by sqrt(D) first.

    Returns:
        float64 (B, L, D), a new array.

    Raises:
        ValueError: the sentences are longer than the table (L > M), or X and pe differ in width; also where
            numpy would broadcast, a table of one row or of width 1.
    """
    raise NotImplementedError


def self_attention(
    X: np.ndarray,
    Wq: np.ndarray,
    Wk: np.ndarray,
    Wv: np.ndarray,
    causal: bool = False,
    bias: np.ndarray | None = None,
) -> np.ndarray:
    """Single-head self-attention over one sentence, without any position information of its own.

        output = softmax(X Wq (X Wk)^T / sqrt(d) + bias) X Wv        softmax over the keys

    (Vaswani et al. 2017, section 3.2.1.) Row i of the scores is the query of token i, column j the key of
    token j. Neither `causal` nor `bias` comes from the contents: they are the two ways in which order can
    reach this function other than through X.

    Args:
        X: float (L, D), one token per row, L >= 1.
        Wq: float (D, d), makes the queries.
        Wk: float (D, d), makes the keys.
        Wv: float (D, dv), makes the values; dv may differ from d.
        causal: whether token i attends to the tokens j <= i only. Later ones then have weight exactly 0, and
            the weights of the others sum to 1.
        bias: finite float (L, L), added to the scores *after* scaling, or None.

    Returns:
        float64 (L, dv). Finite and accurate for scores (bias included) up to 1e4 in absolute value, also if
        they differ that much from row to row, or if `causal` hides the largest scores of a row.
    """
    raise NotImplementedError


def is_permutation_equivariant(
    f: Callable[[np.ndarray], np.ndarray], X: np.ndarray, perm: np.ndarray, atol: float = 1e-8
) -> bool:
    """Whether f(X[perm]) equals f(X)[perm]: does the output move along when the tokens move?

    One X and one perm can refute equivariance; to prove it takes an argument that holds for all of them.

    Args:
        f: takes a float array (L, D) and returns an array, one row per token or anything else. It may be
            expensive: call it at most twice.
        X: float (L, D).
        perm: int (L,); row r of X[perm] is row perm[r] of X.
        atol: equal means that no two entries differ by more than atol, however large they are (no relative
            tolerance).

    Returns:
        bool (Python or numpy). Results of different shapes are not equal. An f that does not return one row
        per token, shape (L, ...), is not equivariant: there is nothing to permute.

    Raises:
        ValueError: perm does not hold each of 0, ..., L - 1 exactly once. (Mind that numpy would take -1.)
    """
    raise NotImplementedError


def is_permutation_invariant(
    f: Callable[[np.ndarray], np.ndarray], X: np.ndarray, perm: np.ndarray, atol: float = 1e-8
) -> bool:
    """Whether f(X[perm]) equals f(X): does the output stay when the tokens move?

    Args:
        f: takes a float array (L, D) and returns an array of any shape, or a number. Call it at most twice.
        X: float (L, D).
        perm: int (L,); row r of X[perm] is row perm[r] of X.
        atol: absolute tolerance, as in `is_permutation_equivariant`.

    Returns:
        bool (Python or numpy). Results of different shapes are not equal.

    Raises:
        ValueError: perm does not hold each of 0, ..., L - 1 exactly once.
    """
    raise NotImplementedError


def rope(x: np.ndarray, positions: np.ndarray, base: float = 10000.0) -> np.ndarray:
    """Rotary position embedding: turn each pair of a query or key by an angle proportional to its position.

    In the row at position p, the pair (x0, x1) = (x[2i], x[2i + 1]) becomes (Su et al. 2021, section 3.2.2)

        (x0 cos a - x1 sin a,  x0 sin a + x1 cos a)        a = p * base**(-2i / d)

    Neighbouring columns form a pair, as in the paper; some implementations pair column i with i + d / 2.
    Rotations keep norms, and the inner product of a rotated query and a rotated key depends on their
    contents and the *difference* of their positions only.

    Args:
        x: float (L, d), queries or keys, d even.
        positions: int (L,), the position of each row: in any order, repeated or negative.
        base: as in `sinusoidal_pe`, positive.

    Returns:
        float64 (L, d), a new array. A row at position 0 stays as it is.

    Raises:
        ValueError: d is odd.
    """
    raise NotImplementedError


def relative_bias(length: int, table: np.ndarray) -> np.ndarray:
    """A bias for the attention scores that knows only how far away, and on which side, a key is.

        b[i, j] = table[clip(j - i, -K, K) + K]        for query i and key j

    table[K] is the bias of a token for itself, table[0] the one for all keys at least K to the left,
    table[2K] for all at least K to the right. The clipped distance is that of Shaw et al. 2018, section 3.2;
    one learned number per distance, added to the score, that of T5 (Raffel et al. 2020, arXiv:1910.10683).

    Args:
        length: number of tokens L, at least 1.
        table: float (2K + 1,), K >= 0. K may exceed the length.

    Returns:
        float64 (length, length), fit for the `bias` of `self_attention`.

    Raises:
        ValueError: table has an even number of entries (also 0), so that none is in the middle.
    """
    raise NotImplementedError
