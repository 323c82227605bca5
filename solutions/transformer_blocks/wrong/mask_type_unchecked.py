"""No ValueError for a mask of numbers: it is taken as True wherever it is not 0."""

# ruff: noqa: F821 - the other names are those of the reference


def scaled_dot_product_attention(q, k, v, mask=None):
    if q.shape[-1] != k.shape[-1] or k.shape[-2] != v.shape[-2]:
        raise ValueError("the shapes of q, k and v do not fit")
    scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5
    weights = _masked_softmax(scores, None if mask is None else mask.bool())
    return weights @ v, weights
