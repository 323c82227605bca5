"""The scores are not divided by sqrt(d)."""

# ruff: noqa: F821 - the other names are those of the reference

import torch


def scaled_dot_product_attention(q, k, v, mask=None):
    if mask is not None and mask.dtype != torch.bool:
        raise ValueError("mask must be bool")
    if q.shape[-1] != k.shape[-1] or k.shape[-2] != v.shape[-2]:
        raise ValueError("the shapes of q, k and v do not fit")
    weights = _masked_softmax(q @ k.transpose(-2, -1), mask)
    return weights @ v, weights
