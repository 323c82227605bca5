"""self_attention hides later tokens although nobody asked for a causal mask."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def self_attention(x, w_q, w_k, w_v, mask=None, scale=None):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    scores = _resolve_scale(scale, q.shape[-1]) * (q @ k.mT)
    causal = np.tri(scores.shape[-1], dtype=bool)
    alpha = masked_softmax(scores, causal if mask is None else causal & _at_full_size(mask, scores.shape))
    return alpha @ v, alpha
