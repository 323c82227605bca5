"""A row without any real token is let through."""

import torch


def _checked_mask(tokens, mask, vocab_size):
    if mask is None:
        mask = torch.ones_like(tokens, dtype=torch.bool)
    if mask.shape != tokens.shape:
        raise ValueError("tokens and mask differ in shape")
    if ((tokens < 0) | (tokens >= vocab_size)).any():
        raise ValueError("an id out of range")
    if (~mask[:, :-1] & mask[:, 1:]).any():
        raise ValueError("padding must be on the right")
    return mask
