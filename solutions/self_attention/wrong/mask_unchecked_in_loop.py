"""The loop leaves the check of the mask to `attend`, which may not check anything."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def self_attention_loop(x, w_q, w_k, w_v, mask=None, scale=None, attend=None):
    _check_one_sentence(x)
    n = len(x)
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    scale = _resolve_scale(scale, q.shape[1])
    rows = [None] * n if mask is None else np.broadcast_to(mask, (n, n))
    b, alpha = zip(*((attend or attend_one)(q[i], k, v, rows[i], scale) for i in range(n)), strict=True)
    return np.stack(b), np.stack(alpha)
