"""Hard attention draws from a row without any allowed key."""

# ruff: noqa: F821 - the other names are those of the reference

import torch


def hard_attention(scores, values, u, mask=None):
    scores = _forbid(scores, mask)
    p = scores.softmax(dim=-1)
    last = (p > 0).cumsum(dim=-1).argmax(dim=-1)
    index = torch.minimum((p.cumsum(dim=-1) <= u[:, None]).sum(dim=-1), last)
    rows = torch.arange(len(index))
    return values[rows, index], index, scores.log_softmax(dim=-1)[rows, index]
