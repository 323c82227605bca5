"""The LM loss averages each row first and then the rows, so short rows weigh too much."""

import torch
import torch.nn.functional as F


def lm_loss(lm_logits, ids, mask=None):
    if mask is None:
        mask = torch.ones_like(ids, dtype=torch.bool)
    pair = mask[:, :-1] & mask[:, 1:]
    surprise = F.cross_entropy(lm_logits[:, :-1].mT, ids[:, 1:], reduction="none") * pair
    counts = pair.sum(dim=1)
    rows = counts > 0
    if not rows.any():
        return lm_logits.sum() * 0.0
    return (surprise.sum(dim=1)[rows] / counts[rows]).mean()
