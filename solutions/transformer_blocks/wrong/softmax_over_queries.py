"""The softmax runs over the queries instead of the keys."""

import torch


def _masked_softmax(scores, mask):
    if mask is None:
        return scores.softmax(dim=-2)
    empty = ~mask.any(dim=-1, keepdim=True)
    scores = scores.masked_fill(~mask, -torch.inf).masked_fill(empty, 0.0)
    return scores.softmax(dim=-2).masked_fill(~mask, 0.0)
