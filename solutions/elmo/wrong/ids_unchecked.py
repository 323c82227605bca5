"""Ids outside the vocabulary are left to torch, which raises IndexError or RuntimeError."""

import torch


def _checked_mask(tokens, mask, vocab_size):
    if mask is None:
        mask = torch.ones_like(tokens, dtype=torch.bool)
    if mask.shape != tokens.shape:
        raise ValueError("tokens and mask differ in shape")
    if not mask.any(dim=1).all():
        raise ValueError("a row without a real token")
    if (~mask[:, :-1] & mask[:, 1:]).any():
        raise ValueError("padding must be on the right")
    return mask
