"""The shape of the mask is not checked; a mask of one row is broadcast."""

import torch


def _checked_mask(tokens, mask, vocab_size):
    if mask is None:
        mask = torch.ones_like(tokens, dtype=torch.bool)
    mask = mask.expand_as(tokens)
    if ((tokens < 0) | (tokens >= vocab_size)).any():
        raise ValueError("an id out of range")
    if not mask.any(dim=1).all():
        raise ValueError("a row without a real token")
    if (~mask[:, :-1] & mask[:, 1:]).any():
        raise ValueError("padding must be on the right")
    return mask
