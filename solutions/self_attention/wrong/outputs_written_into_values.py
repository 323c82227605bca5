"""The loop writes b_i over v_i, so later queries take earlier outputs for values, as an RNN would."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def self_attention_loop(x, w_q, w_k, w_v, mask=None, scale=None, attend=None):
    _check_one_sentence(x)
    q, k, b = project_qkv(x, w_q, w_k, w_v)
    scale = _resolve_scale(scale, q.shape[1])
    rows = [None] * len(x) if mask is None else _at_full_size(mask, (len(x), len(x)))
    alpha = []
    for i in range(len(x)):
        b[i], alpha_i = (attend or attend_one)(q[i], k, b, rows[i], scale)
        alpha.append(alpha_i)
    return b, np.stack(alpha)
