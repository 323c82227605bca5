"""self_attention goes through the batch and the queries in Python loops."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def self_attention(x, w_q, w_k, w_v, mask=None, scale=None):
    if x.ndim > 2:
        rows = None if mask is None else _at_full_size(mask, (*x.shape[:-1], x.shape[-2]))
        parts = [
            self_attention(x[i], w_q, w_k, w_v, None if mask is None else rows[i], scale)
            for i in range(len(x))
        ]
    else:
        q, k, v = project_qkv(x, w_q, w_k, w_v)
        rows = None if mask is None else _at_full_size(mask, (len(x), len(x)))
        parts = [attend_one(q[i], k, v, None if mask is None else rows[i], scale) for i in range(len(x))]
    return np.stack([b for b, _ in parts]), np.stack([alpha for _, alpha in parts])
