"""The NaN of an empty row is replaced in the weights, but not in the backward pass."""

import torch


def soft_attention(scores, values, mask=None):
    if mask is not None:
        if mask.dtype != torch.bool:
            raise ValueError("mask must be bool")
        scores = scores + torch.zeros(mask.shape, dtype=scores.dtype).masked_fill(~mask, -torch.inf)
    weights = scores.softmax(dim=-1).nan_to_num(0.0)
    return weights @ values, weights
