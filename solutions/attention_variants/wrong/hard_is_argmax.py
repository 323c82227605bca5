"""Hard attention takes the most probable key instead of drawing one."""

# ruff: noqa: F821 - the other names are those of the reference

import torch


def hard_attention(scores, values, u, mask=None):
    scores = _forbid(scores, mask)
    if scores.isneginf().all(dim=-1).any():
        raise ValueError("a row has no allowed key")
    index = scores.argmax(dim=-1)
    rows = torch.arange(len(index))
    return values[rows, index], index, scores.log_softmax(dim=-1)[rows, index]
