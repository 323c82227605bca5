"""The LM loss looks only at the target: padding on the left predicts the first real token."""

import torch
import torch.nn.functional as F


def lm_loss(lm_logits, ids, mask=None):
    if mask is None:
        mask = torch.ones_like(ids, dtype=torch.bool)
    pair = mask[:, 1:]
    surprise = F.cross_entropy(lm_logits[:, :-1][pair], ids[:, 1:][pair], reduction="sum")
    return surprise / pair.sum().clamp(min=1)
