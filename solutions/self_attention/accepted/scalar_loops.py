"""Plain Python wherever loops are allowed: sums over single numbers, nested lists where arrays are meant."""

from __future__ import annotations

import math

import numpy as np


def require(condition, message):
    if not condition:
        raise ValueError(message)


def times(a, b):
    """Product of two matrices given as rows."""
    return [
        [math.fsum(s * t for s, t in zip(row, column, strict=True)) for column in zip(*b, strict=True)]
        for row in a
    ]


def turned(a):
    return [list(column) for column in zip(*a, strict=True)]


def default_scale(scale, d_k):
    require(scale is None or scale > 0, "scale must be positive")
    return d_k**-0.5 if scale is None else scale


def project_qkv(x, w_q, w_k, w_v):
    require(x.ndim >= 2, "x needs 2 axes")
    for weight in (w_q, w_k, w_v):
        require(weight.ndim == 2 and weight.shape[0] == x.shape[-1], "a weight does not fit")
    require(w_q.shape[1] == w_k.shape[1], "the widths differ")
    return [np.tensordot(x, weight, axes=1) for weight in (w_q, w_k, w_v)]


def masked_softmax(scores, mask=None):
    if mask is None:
        mask = np.array(True)
    require(mask.dtype == np.bool_, "mask must be bool")
    mask = np.broadcast_to(mask, scores.shape)
    safe = np.where(mask, scores, np.finfo(np.float64).min / 4)
    safe = safe - safe.max(axis=-1)[..., None]
    weights = np.exp(safe) * mask
    return weights / (weights.sum(axis=-1)[..., None] + ~mask.any(axis=-1)[..., None])


def attend_one(q_i, keys, values, mask_i=None, scale=None):
    require(len(keys) > 0, "no keys")
    scale = default_scale(scale, len(q_i))
    kept = [j for j in range(len(keys)) if mask_i is None or mask_i[j]]
    scores = [scale * math.fsum(s * t for s, t in zip(q_i, keys[j], strict=True)) for j in kept]
    exps = [math.exp(score - max(scores)) for score in scores]
    alpha_i = [0.0] * len(keys)
    for j, value in zip(kept, exps, strict=True):
        alpha_i[j] = value / math.fsum(exps)
    b_i = [
        math.fsum(alpha * v for alpha, v in zip(alpha_i, column, strict=True))
        for column in zip(*values, strict=True)
    ]
    return b_i, alpha_i


def self_attention_loop(x, w_q, w_k, w_v, mask=None, scale=None, attend=None):
    require(x.ndim == 2, "x must be 2-D")
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    scale = default_scale(scale, k.shape[1])
    if mask is not None:
        require(mask.dtype == np.bool_, "mask must be bool")
        mask = np.broadcast_to(mask, (len(x), len(x)))
    b, alpha = [], []
    for i in range(len(x)):
        pair = (attend or attend_one)(q[i], k, v, None if mask is None else mask[i], scale)
        b.append(pair[0])
        alpha.append(pair[1])
    return b, alpha


def self_attention(x, w_q, w_k, w_v, mask=None, scale=None):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    differently = (q[..., :, None, :] * k[..., None, :, :]).sum(axis=-1) * default_scale(scale, q.shape[-1])
    alpha = masked_softmax(differently, mask)
    return (alpha[..., None] * v[..., None, :, :]).sum(axis=-2), alpha


def causal_mask(n):
    require(n >= 0, "n is negative")
    return np.array([[j <= i for j in range(n)] for i in range(n)], dtype=bool).reshape(n, n)


def padding_mask(lengths, n):
    for length in lengths:
        require(0 <= length <= n, "a length does not fit")
    return [[[j < length for j in range(n)]] for length in lengths]


def self_attention_backward(d_b, x, w_q, w_k, w_v, mask=None, scale=None):
    require(x.ndim == 2, "x must be 2-D")
    q, k, v = (rows.tolist() for rows in project_qkv(x, w_q, w_k, w_v))
    scale = default_scale(scale, len(k[0]))
    _, alpha = self_attention_loop(x, w_q, w_k, w_v, mask, scale)
    d_alpha, d_v = times(d_b, turned(v)), times(turned(alpha), d_b)
    n = len(x)
    d_s = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            for m in range(n):
                d_s[i][m] += scale * d_alpha[i][j] * alpha[i][j] * ((j == m) - alpha[i][m])
    d_q, d_k = times(d_s, k), times(turned(d_s), q)
    ways = [times(d, turned(w)) for d, w in ((d_q, w_q), (d_k, w_k), (d_v, w_v))]
    d_x = [[sum(numbers) for numbers in zip(*rows, strict=True)] for rows in zip(*ways, strict=True)]
    columns = turned(x)
    return {"w_v": times(columns, d_v), "w_k": times(columns, d_k), "w_q": times(columns, d_q), "x": d_x}


class StreamingSelfAttention:
    def __init__(self, w_q, w_k, w_v, scale=None):
        self.w_q, self.w_k, self.w_v = w_q, w_k, w_v
        self.scale = default_scale(scale, w_q.shape[1])
        self.reset()

    def step(self, x_t):
        require(x_t.shape == (len(self.w_q),), "x_t must be (d_model,)")
        self.tokens.append(x_t)
        keys, values = self.cache()
        return attend_one(x_t @ self.w_q, keys, values, None, self.scale)[0]

    def cache(self):
        """Only the tokens are kept; keys and values are made when somebody asks."""
        tokens = np.array(self.tokens).reshape(-1, len(self.w_q))
        return [tokens @ self.w_k, tokens @ self.w_v]

    def reset(self):
        self.tokens = []
