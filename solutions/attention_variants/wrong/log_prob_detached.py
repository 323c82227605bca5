"""log p comes without a gradient."""

# ruff: noqa: F821 - the other names are those of the reference

import torch


def hard_attention(scores, values, u, mask=None):
    scores = _forbid(scores, mask)
    if scores.isneginf().all(dim=-1).any():
        raise ValueError("a row has no allowed key")
    p = scores.detach().softmax(dim=-1)
    last = (p > 0).cumsum(dim=-1).argmax(dim=-1)
    index = torch.minimum((p.cumsum(dim=-1) <= u[:, None]).sum(dim=-1), last)
    rows = torch.arange(len(index))
    return values[rows, index], index, p[rows, index].log()
