"""The LM loss holds the logits at t against the token at t, which the model has just read."""

import torch
import torch.nn.functional as F


def lm_loss(lm_logits, ids, mask=None):
    if mask is None:
        mask = torch.ones_like(ids, dtype=torch.bool)
    surprise = F.cross_entropy(lm_logits[mask], ids[mask], reduction="sum")
    return surprise / mask.sum().clamp(min=1)
