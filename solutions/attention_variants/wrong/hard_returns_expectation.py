"""Hard attention draws an index, but returns the weighted sum of all values."""

# ruff: noqa: F821 - the other names are those of the reference

import torch


def hard_attention(scores, values, u, mask=None):
    scores = _forbid(scores, mask)
    if scores.isneginf().all(dim=-1).any():
        raise ValueError("a row has no allowed key")
    p = scores.softmax(dim=-1)
    last = (p > 0).cumsum(dim=-1).argmax(dim=-1)
    index = torch.minimum((p.cumsum(dim=-1) <= u[:, None]).sum(dim=-1), last)
    context = (p[:, None] @ values).squeeze(1)
    return context, index, scores.log_softmax(dim=-1)[torch.arange(len(index)), index]
