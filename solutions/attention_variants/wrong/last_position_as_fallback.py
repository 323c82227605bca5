"""Where rounding leaves no step above u, the last position is drawn, possible or not."""

# ruff: noqa: F821 - the other names are those of the reference

import torch


def hard_attention(scores, values, u, mask=None):
    scores = _forbid(scores, mask)
    if scores.isneginf().all(dim=-1).any():
        raise ValueError("a row has no allowed key")
    p = scores.softmax(dim=-1)
    index = (p.cumsum(dim=-1) <= u[:, None]).sum(dim=-1).clamp(max=p.shape[-1] - 1)
    rows = torch.arange(len(index))
    return values[rows, index], index, scores.log_softmax(dim=-1)[rows, index]
