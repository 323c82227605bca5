"""The mask multiplies the finished weights, and what remains is not renormalised."""

# ruff: noqa: F821 - the other names are those of the reference

import torch


def soft_attention(scores, values, mask=None):
    _forbid(scores, mask)
    weights = scores.softmax(dim=-1)
    if mask is not None:
        weights = weights * mask
    return weights @ values, weights


def hard_attention(scores, values, u, mask=None):
    if _forbid(scores, mask).isneginf().all(dim=-1).any():
        raise ValueError("a row has no allowed key")
    p = scores.softmax(dim=-1)
    if mask is not None:
        p = p * mask
    last = (p > 0).cumsum(dim=-1).argmax(dim=-1)
    index = torch.minimum((p.cumsum(dim=-1) <= u[:, None]).sum(dim=-1), last)
    rows = torch.arange(len(index))
    return values[rows, index], index, p[rows, index].log()
