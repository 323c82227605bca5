"""Any mask is read as truth values."""

import torch


def _forbid(scores, mask):
    return scores if mask is None else scores.masked_fill(mask == 0, -torch.inf)
