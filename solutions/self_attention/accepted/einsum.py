"""einsum throughout; the scale is folded into q, -inf marks hidden keys, the division is guarded."""

from __future__ import annotations

import numpy as np


def positive(scale, d_k):
    if scale is None:
        return d_k**-0.5
    if scale > 0:
        return float(scale)
    raise ValueError("scale must be positive")


def check_mask(mask, shape):
    if mask.dtype != bool or np.broadcast_shapes(mask.shape, shape) != tuple(shape):
        raise ValueError("mask must be bool and must not enlarge the scores")


def project_qkv(x, w_q, w_k, w_v):
    if x.ndim < 2 or any(weight.ndim != 2 or len(weight) != x.shape[-1] for weight in (w_q, w_k, w_v)):
        raise ValueError("x must be (..., n, d_model), weights (d_model, width)")
    if w_q.shape[1] != w_k.shape[1]:
        raise ValueError("queries and keys must have one width")
    return tuple(np.einsum("...id,de->...ie", x, weight) for weight in (w_q, w_k, w_v))


def masked_softmax(scores, mask=None):
    scores = scores.copy()
    if mask is not None:
        check_mask(mask, scores.shape)
        scores[~np.broadcast_to(mask, scores.shape)] = -np.inf
    top = scores.max(axis=-1, keepdims=True)
    top[np.isneginf(top)] = 0.0
    weights = np.exp(scores - top)
    total = np.einsum("...j->...", weights)[..., None]
    return np.divide(weights, total, out=np.zeros_like(weights), where=total != 0)


def attend_one(q_i, keys, values, mask_i=None, scale=None):
    if keys.shape[0] < 1:
        raise ValueError("no keys")
    folded = positive(scale, q_i.size) * q_i
    alpha_i = masked_softmax(np.einsum("d,jd->j", folded, keys), mask_i)
    return np.einsum("j,jv->v", alpha_i, values), alpha_i


def self_attention_loop(x, w_q, w_k, w_v, mask=None, scale=None, attend=None):
    if x.ndim != 2:
        raise ValueError("one sentence at a time")
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    scale, n = positive(scale, k.shape[1]), x.shape[0]
    if mask is not None:
        check_mask(mask, (n, n))
        mask = np.array(np.broadcast_to(mask, (n, n)))
    b, alpha = [], []
    for i, q_i in enumerate(q):
        b_i, alpha_i = (attend or attend_one)(q_i, k, v, None if mask is None else mask[i], scale)
        b.append(b_i)
        alpha.append(alpha_i)
    return np.array(b), np.array(alpha)


def self_attention(x, w_q, w_k, w_v, mask=None, scale=None):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    q *= positive(scale, k.shape[-1])
    alpha = masked_softmax(np.einsum("...id,...jd->...ij", q, k), mask)
    return np.einsum("...ij,...jv->...iv", alpha, v), alpha


def causal_mask(n):
    return np.tril(np.ones((n, n), dtype=bool))  # numpy refuses a negative n with a ValueError


def padding_mask(lengths, n):
    if lengths.size and (lengths.min() < 0 or lengths.max() > n):
        raise ValueError("a length does not fit")
    return np.less.outer(np.arange(n), lengths).T[:, None]


def self_attention_backward(d_b, x, w_q, w_k, w_v, mask=None, scale=None):
    if x.ndim != 2:
        raise ValueError("one sentence at a time")
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    factor = positive(scale, k.shape[1])
    alpha = masked_softmax(np.einsum("id,jd->ij", factor * q, k), mask)
    d_alpha = np.einsum("iv,jv->ij", d_b, v)
    jacobian = np.einsum("ij,jm->ijm", alpha, np.eye(len(x))) - np.einsum("ij,im->ijm", alpha, alpha)
    d_s = factor * np.einsum("ij,ijm->im", d_alpha, jacobian)
    d_q, d_k, d_v = (
        np.einsum("ij,jd->id", d_s, k),
        np.einsum("ij,id->jd", d_s, q),
        np.einsum("ij,iv->jv", alpha, d_b),
    )
    pairs = {"w_q": (d_q, w_q), "w_k": (d_k, w_k), "w_v": (d_v, w_v)}
    gradients = {name: np.einsum("id,ie->de", x, d) for name, (d, _) in pairs.items()}
    gradients["x"] = sum(np.einsum("ie,de->id", d, weight) for d, weight in pairs.values())
    return gradients


class StreamingSelfAttention:
    def __init__(self, w_q, w_k, w_v, scale=None):
        self.w_q, self.w_k, self.w_v = w_q, w_k, w_v
        self.scale = positive(scale, w_k.shape[1])
        self.reset()

    def reset(self):
        self.tokens = np.zeros((0, self.w_q.shape[0]))
        self.k = np.zeros((0, self.w_k.shape[1]))
        self.v = np.zeros((0, self.w_v.shape[1]))

    def step(self, x_t):
        if np.shape(x_t) != (self.w_q.shape[0],):
            raise ValueError("x_t must be (d_model,)")
        self.k = np.append(self.k, np.einsum("d,de->e", x_t, self.w_k)[None], axis=0)
        self.v = np.append(self.v, np.einsum("d,de->e", x_t, self.w_v)[None], axis=0)
        return attend_one(np.einsum("d,de->e", x_t, self.w_q), self.k, self.v, None, self.scale)[0]

    def cache(self):
        return self.k.copy(), self.v.copy()
