"""The gradient of x has the way through the values only; those through queries and keys are forgotten."""

# ruff: noqa: F821 - the other names are those of the reference


def self_attention_backward(d_b, x, w_q, w_k, w_v, mask=None, scale=None):
    _check_one_sentence(x)
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    _, alpha = self_attention(x, w_q, w_k, w_v, mask, scale)
    d_alpha = d_b @ v.T
    d_scores = alpha * (d_alpha - (alpha * d_alpha).sum(axis=1, keepdims=True))
    d_scores *= _resolve_scale(scale, q.shape[1])
    d_v = alpha.T @ d_b
    return {"x": d_v @ w_v.T, "w_q": x.T @ d_scores @ k, "w_k": x.T @ d_scores.T @ q, "w_v": x.T @ d_v}
