"""The LM loss is shifted the wrong way: the logits at t + 1 are held against the token at t."""

import torch
import torch.nn.functional as F


def lm_loss(lm_logits, ids, mask=None):
    if mask is None:
        mask = torch.ones_like(ids, dtype=torch.bool)
    pair = mask[:, :-1] & mask[:, 1:]
    surprise = F.cross_entropy(lm_logits[:, 1:][pair], ids[:, :-1][pair], reduction="sum")
    return surprise / pair.sum().clamp(min=1)
