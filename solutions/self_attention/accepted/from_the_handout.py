"""Written from the handout and the stub alone, whose docstrings are left out here."""

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
    x, w_q, w_k, w_v = (np.asarray(array, dtype=np.float64) for array in (x, w_q, w_k, w_v))
    if x.ndim < 2:
        raise ValueError("x must have at least 2 axes")
    _check_weights(w_q, w_k, w_v)
    if x.shape[-1] != w_q.shape[0]:
        raise ValueError(f"tokens have width {x.shape[-1]}, the weights want {w_q.shape[0]}")
    return x @ w_q, x @ w_k, x @ w_v


def masked_softmax(scores: np.ndarray, mask: np.ndarray | None = None) -> np.ndarray:
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
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    scale = _resolve_scale(scale, k.shape[-1])
    scores = scale * (q @ np.swapaxes(k, -1, -2))
    mask = _resolve_mask(mask, scores.shape)
    alpha = masked_softmax(scores, mask)
    return alpha @ _hide_unseen(v, mask), alpha


def causal_mask(n: int) -> np.ndarray:
    if n < 0:
        raise ValueError(f"n must not be negative, got {n}")
    return np.tri(n, dtype=bool)


def padding_mask(lengths: np.ndarray, n: int) -> np.ndarray:
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
    def __init__(self, w_q: np.ndarray, w_k: np.ndarray, w_v: np.ndarray, scale: float | None = None) -> None:
        # copies: later changes of the caller's arrays must not mix two models in one cache
        self._w_q, self._w_k, self._w_v = (np.array(w, dtype=np.float64) for w in (w_q, w_k, w_v))
        _check_weights(self._w_q, self._w_k, self._w_v)
        self._scale = _resolve_scale(scale, self._w_k.shape[1])
        self.reset()

    def step(self, x_t: np.ndarray) -> np.ndarray:
        x_t = np.asarray(x_t, dtype=np.float64)
        if x_t.shape != self._w_q.shape[:1]:
            raise ValueError(f"a token has the shape {self._w_q.shape[:1]}, got {x_t.shape}")
        self._keys.append(x_t @ self._w_k)
        self._values.append(x_t @ self._w_v)
        b_t, _ = attend_one(x_t @ self._w_q, *self.cache(), scale=self._scale)
        return b_t

    def cache(self) -> tuple[np.ndarray, np.ndarray]:
        # the reshape gives an empty cache its widths
        keys = np.array(self._keys, dtype=np.float64).reshape(-1, self._w_k.shape[1])
        values = np.array(self._values, dtype=np.float64).reshape(-1, self._w_v.shape[1])
        return keys, values

    def reset(self) -> None:
        self._keys: list[np.ndarray] = []
        self._values: list[np.ndarray] = []
