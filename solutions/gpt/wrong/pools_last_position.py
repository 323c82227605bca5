"""The task layer reads position T - 1, padding or not."""

import torch


def last_real_index(mask):
    if not mask.any(dim=1).all():
        raise ValueError("a row has no real token")
    return torch.full((len(mask),), mask.shape[1] - 1)
