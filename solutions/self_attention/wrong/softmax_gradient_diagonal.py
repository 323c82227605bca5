"""The gradient of the softmax is alpha * d_alpha: the other weights of a row are taken for constants."""

# ruff: noqa: F821 - the other names are those of the reference


def self_attention_backward(d_b, x, w_q, w_k, w_v, mask=None, scale=None):
    _check_one_sentence(x)
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    _, alpha = self_attention(x, w_q, w_k, w_v, mask, scale)
    d_scores = _resolve_scale(scale, q.shape[1]) * alpha * (d_b @ v.T)
    d_q, d_k, d_v = d_scores @ k, d_scores.T @ q, alpha.T @ d_b
    d_x = d_q @ w_q.T + d_k @ w_k.T + d_v @ w_v.T
    return {"x": d_x, "w_q": x.T @ d_q, "w_k": x.T @ d_k, "w_v": x.T @ d_v}
