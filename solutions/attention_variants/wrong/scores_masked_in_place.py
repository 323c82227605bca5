"""The caller's scores are overwritten with -inf."""

import torch


def _forbid(scores, mask):
    if mask is None:
        return scores
    if mask.dtype != torch.bool:
        raise ValueError("mask must be bool")
    scores.data.masked_fill_(~mask, -torch.inf)
    return scores
