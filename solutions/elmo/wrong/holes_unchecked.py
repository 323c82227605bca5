"""A mask with holes or with padding on the left is taken for one with padding on the right."""

import torch


def _checked_mask(tokens, mask, vocab_size):
    if mask is None:
        mask = torch.ones_like(tokens, dtype=torch.bool)
    if mask.shape != tokens.shape:
        raise ValueError("tokens and mask differ in shape")
    if ((tokens < 0) | (tokens >= vocab_size)).any():
        raise ValueError("an id out of range")
    if not mask.any(dim=1).all():
        raise ValueError("a row without a real token")
    return mask
