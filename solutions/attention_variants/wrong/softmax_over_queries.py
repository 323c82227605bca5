"""The softmax runs over the queries: every key shares itself out among them."""

# ruff: noqa: F821 - the other names are those of the reference


def soft_attention(scores, values, mask=None):
    scores = _forbid(scores, mask)
    weights = scores.softmax(dim=-2).masked_fill(scores.isneginf(), 0.0)
    return weights @ values, weights
