"""Forbidden scores become -1e9: a row without any allowed key gets uniform weights."""

import torch


def soft_attention(scores, values, mask=None):
    if mask is not None:
        if mask.dtype != torch.bool:
            raise ValueError("mask must be bool")
        scores = scores.masked_fill(~mask, -1e9)
    weights = scores.softmax(dim=-1)
    return weights @ values, weights
