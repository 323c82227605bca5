"""The default scale is 1 / sqrt(d_model) instead of 1 / sqrt(d_k)."""

# ruff: noqa: F821 - the other names are those of the reference


def self_attention(x, w_q, w_k, w_v, mask=None, scale=None):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    scale = _resolve_scale(scale, x.shape[-1])
    alpha = masked_softmax(scale * (q @ k.mT), mask)
    return alpha @ v, alpha
