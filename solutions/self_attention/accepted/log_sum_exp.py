"""Weights as exp(score - log-sum-exp); the gradient of a score through its log; a cache of growing lists.

A row that keeps nothing has the log-sum-exp -inf; it is replaced by 0, and exp(-inf - 0) is 0.
"""

from __future__ import annotations

import math

import numpy as np


def log_sum_exp(scores):
    """Over the last axis, which is kept; scores come back relative to the row's largest one."""
    largest = np.nan_to_num(np.max(scores, axis=-1, keepdims=True), neginf=0.0)
    relative = scores - largest
    with np.errstate(divide="ignore"):
        total = np.log(np.exp(relative).sum(axis=-1, keepdims=True))
    return relative, np.where(np.isneginf(total), 0.0, total)


def checked(mask, shape):
    if mask is None:
        return np.ones(shape, dtype=bool)
    if mask.dtype.kind != "b":
        raise ValueError("mask must be bool")
    return np.broadcast_to(mask, shape)


def factor(scale, d_k):
    if scale is None:
        scale = 1 / math.sqrt(d_k)
    if math.isnan(scale) or scale <= 0:
        raise ValueError("scale must be positive")
    return scale


def project_qkv(x, w_q, w_k, w_v):
    for weight in (w_q, w_k, w_v):
        if np.ndim(x) < 2 or np.ndim(weight) != 2 or np.shape(weight)[0] != np.shape(x)[-1]:
            raise ValueError("shapes of x and the weights disagree")
    if np.shape(w_q) != np.shape(w_k):
        raise ValueError("queries and keys do not match")
    together = np.matmul(x, np.concatenate([w_q, w_k, w_v], axis=1))
    d_k = w_q.shape[1]
    return together[..., :d_k], together[..., d_k : 2 * d_k], together[..., 2 * d_k :]


def masked_softmax(scores, mask=None):
    relative, total = log_sum_exp(np.where(checked(mask, scores.shape), scores, -np.inf))
    return np.exp(relative - total)


def attend_one(q_i, keys, values, mask_i=None, scale=None):
    if not len(keys):
        raise ValueError("no keys")
    scores = np.dot(keys, q_i) * factor(scale, q_i.shape[0])
    alpha_i = masked_softmax(scores, mask_i)
    return (alpha_i[:, None] * values).sum(axis=0), alpha_i


def self_attention_loop(x, w_q, w_k, w_v, mask=None, scale=None, attend=None):
    if np.ndim(x) != 2:
        raise ValueError("x must be 2-D")
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    scale = factor(scale, q.shape[1])
    kept = checked(mask, (len(x), len(x)))
    call = attend_one if attend is None else attend
    results = [call(row, k, v, None if mask is None else kept[i], scale) for i, row in enumerate(q)]
    b, alpha = map(np.vstack, zip(*results, strict=True))
    return b, alpha


def self_attention(x, w_q, w_k, w_v, mask=None, scale=None):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    scores = np.matmul(q, np.moveaxis(k, -1, -2)) * factor(scale, q.shape[-1])
    alpha = masked_softmax(scores, mask)
    return np.matmul(alpha, v), alpha


def causal_mask(n):
    if n < 0:
        raise ValueError("n is negative")
    return np.subtract.outer(np.arange(n), np.arange(n)) >= 0


def padding_mask(lengths, n):
    if not all(0 <= length <= n for length in lengths):
        raise ValueError("a length does not fit")
    mask = np.zeros((len(lengths), 1, n), dtype=bool)
    for row, length in zip(mask, lengths, strict=True):
        row[0, :length] = True
    return mask


def self_attention_backward(d_b, x, w_q, w_k, w_v, mask=None, scale=None):
    if np.ndim(x) != 2:
        raise ValueError("x must be 2-D")
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    b, alpha = self_attention(x, w_q, w_k, w_v, mask, scale)
    # sum_m alpha_im d_alpha_im is the inner product of d_b_i with b_i itself
    d_s = factor(scale, q.shape[1]) * alpha * (d_b @ v.T - np.sum(d_b * b, axis=1)[:, None])
    d_qkv = np.hstack([d_s @ k, d_s.T @ q, alpha.T @ d_b])
    d_w = x.T @ d_qkv
    d_k = w_q.shape[1]
    return {
        "x": d_qkv @ np.hstack([w_q, w_k, w_v]).T,
        "w_q": d_w[:, :d_k],
        "w_k": d_w[:, d_k : 2 * d_k],
        "w_v": d_w[:, 2 * d_k :],
    }


class StreamingSelfAttention:
    def __init__(self, w_q, w_k, w_v, scale=None):
        self.weights = [np.array(weight) for weight in (w_q, w_k, w_v)]
        self.scale = factor(scale, w_q.shape[1])
        self.keys, self.values = [], []

    def step(self, x_t):
        w_q, w_k, w_v = self.weights
        if x_t.ndim != 1 or x_t.size != len(w_q):
            raise ValueError("x_t must be (d_model,)")
        self.keys.append(x_t @ w_k)
        self.values.append(x_t @ w_v)
        b_t, _ = attend_one(x_t @ w_q, *self.cache(), scale=self.scale)
        return b_t

    def cache(self):
        return tuple(
            np.stack(rows) if rows else np.zeros((0, weight.shape[1]))
            for rows, weight in zip((self.keys, self.values), self.weights[1:], strict=True)
        )

    def reset(self):
        self.keys.clear()
        self.values.clear()
