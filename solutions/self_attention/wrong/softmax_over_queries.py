"""The weights of each key sum to 1 over the queries, instead of those of each query over the keys."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def self_attention(x, w_q, w_k, w_v, mask=None, scale=None):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    scores = _resolve_scale(scale, q.shape[-1]) * (q @ k.mT)
    kept = np.ones(scores.shape, dtype=bool) if mask is None else _at_full_size(mask, scores.shape)
    alpha = masked_softmax(scores.mT, kept.mT).mT
    return alpha @ v, alpha
