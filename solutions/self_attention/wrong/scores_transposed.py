"""Scores are K Q^T: every key asks every query."""

# ruff: noqa: F821 - the other names are those of the reference


def self_attention(x, w_q, w_k, w_v, mask=None, scale=None):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    alpha = masked_softmax(_resolve_scale(scale, q.shape[-1]) * (k @ q.mT), mask)
    return alpha @ v, alpha
