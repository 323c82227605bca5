"""No ValueError when d or Lk disagree: torch's RuntimeError comes through instead."""

# ruff: noqa: F821 - the other names are those of the reference

import torch


def scaled_dot_product_attention(q, k, v, mask=None):
    if mask is not None and mask.dtype != torch.bool:
        raise ValueError("mask must be bool")
    scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5
    weights = _masked_softmax(scores, mask)
    return weights @ v, weights
