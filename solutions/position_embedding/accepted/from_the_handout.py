"""Order in attention: codes, shifts and rotary turns all read one table of angles."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def _angles(positions: np.ndarray, width: int, base: float) -> np.ndarray:
    """float64 (number of positions, width / 2): how far each clock hand has turned."""
    if width % 2:
        raise ValueError(f"width {width} is odd")
    if not base > 0:
        raise ValueError(f"base {base} is not positive")
    exponents = [-2 * i / width for i in range(width // 2)]
    return np.outer(np.asarray(positions, dtype=np.float64), np.float64(base) ** np.array(exponents))


def sinusoidal_pe(length: int, d_model: int, base: float = 10000.0, offset: int = 0) -> np.ndarray:
    """Sines in the even columns, cosines in the odd ones."""
    if length < 0:
        raise ValueError("length is negative")
    if d_model < 2:
        raise ValueError("d_model is below 2")
    angles = _angles(np.arange(length) + float(offset), d_model, base)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(length, d_model)


def shift_matrix(d_model: int, k: int, base: float = 10000.0) -> np.ndarray:
    """Rotations: sin(a + t) = cos t sin a + sin t cos a, cos(a + t) = cos t cos a - sin t sin a."""
    if d_model < 2:
        raise ValueError("d_model is below 2")
    turn = _angles([k], d_model, base)[0]
    M = np.diag(np.cos(turn).repeat(2))
    even = np.arange(0, d_model, 2)
    M[even, even + 1] = np.sin(turn)
    M[even + 1, even] = -np.sin(turn)
    return M


def add_positions(X: np.ndarray, pe: np.ndarray, scale: bool = False) -> np.ndarray:
    """Row l of pe is added to token l of each sentence."""
    X, pe = np.asarray(X, dtype=np.float64), np.asarray(pe, dtype=np.float64)
    _, length, width = X.shape
    rows, pe_width = pe.shape
    if length > rows:
        raise ValueError(f"{length} tokens, but only {rows} positions")
    if width != pe_width:
        raise ValueError(f"tokens of width {width}, codes of width {pe_width}")
    return X * (np.sqrt(width) if scale else 1.0) + pe[:length]


def self_attention(
    X: np.ndarray,
    Wq: np.ndarray,
    Wk: np.ndarray,
    Wv: np.ndarray,
    causal: bool = False,
    bias: np.ndarray | None = None,
) -> np.ndarray:
    """softmax(q k^T / sqrt(d) + bias) v; masked first, then each row is counted from its own maximum."""
    X = np.asarray(X, dtype=np.float64)
    q, k, v = (X @ np.asarray(W, dtype=np.float64) for W in (Wq, Wk, Wv))
    scores = q @ k.T / np.sqrt(q.shape[1])
    if bias is not None:
        scores = scores + np.asarray(bias, dtype=np.float64)
    if causal:
        scores = np.where(np.tri(len(X), dtype=bool), scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights @ v / weights.sum(axis=1, keepdims=True)


def _before_and_after(
    f: Callable[[np.ndarray], np.ndarray], X: np.ndarray, perm: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """f(X), f(X[perm]) and the checked perm; f gets copies, and its results are copied as well."""
    X, perm = np.asarray(X, dtype=np.float64), np.asarray(perm)
    if perm.shape != (len(X),) or (perm.size and perm.dtype.kind not in "iu"):
        raise ValueError("perm must hold one integer for each token")
    perm = perm.astype(np.int64)
    if not np.array_equal(np.sort(perm), np.arange(len(X))):
        raise ValueError("perm must hold each of 0, ..., L - 1 exactly once")
    return np.array(f(X.copy())), np.array(f(X[perm])), perm


def _equal(a: np.ndarray, b: np.ndarray, atol: float) -> bool:
    """Same shape, and no two entries further apart than atol."""
    return a.shape == b.shape and bool(np.isclose(a, b, rtol=0.0, atol=atol).all())


def is_permutation_equivariant(
    f: Callable[[np.ndarray], np.ndarray], X: np.ndarray, perm: np.ndarray, atol: float = 1e-8
) -> bool:
    """Whether f(X[perm]) equals f(X)[perm], for an f that returns one row per token."""
    before, after, perm = _before_and_after(f, X, perm)
    return before.shape[:1] == perm.shape and _equal(after, before[perm], atol)


def is_permutation_invariant(
    f: Callable[[np.ndarray], np.ndarray], X: np.ndarray, perm: np.ndarray, atol: float = 1e-8
) -> bool:
    """Whether f(X[perm]) equals f(X)."""
    before, after, _ = _before_and_after(f, X, perm)
    return _equal(after, before, atol)


def rope(x: np.ndarray, positions: np.ndarray, base: float = 10000.0) -> np.ndarray:
    """Each neighbouring pair is turned by its angle."""
    x = np.asarray(x, dtype=np.float64)
    if np.shape(positions) != x.shape[:1]:
        raise ValueError("one position for each row is needed")
    angles = _angles(positions, x.shape[1], base)
    cos, sin = np.cos(angles), np.sin(angles)
    turned = np.empty_like(x)
    turned[:, 0::2] = x[:, 0::2] * cos - x[:, 1::2] * sin
    turned[:, 1::2] = x[:, 0::2] * sin + x[:, 1::2] * cos
    return turned


def relative_bias(length: int, table: np.ndarray) -> np.ndarray:
    """Entry j - i of the table, clipped to its ends."""
    table = np.asarray(table, dtype=np.float64)
    if table.ndim != 1 or len(table) % 2 == 0:
        raise ValueError("table needs an odd number of entries")
    if length < 1:
        raise ValueError("length must be at least 1")
    K, place = len(table) // 2, np.arange(length)
    return table[np.clip(place - place[:, None], -K, K) + K]
