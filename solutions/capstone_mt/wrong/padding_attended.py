"""The source's padding is attended to like words."""

import torch


def _padding(ids):
    return torch.zeros_like(ids, dtype=torch.bool)
