"""The LM loss within finetune_loss is computed without the mask."""

# ruff: noqa: F821 - the other names are those of the reference

import torch.nn.functional as F


def finetune_loss(clf_logits, labels, lm_logits, ids, mask=None, lm_coef=0.5):
    if lm_coef < 0:
        raise ValueError("lm_coef is negative")
    clf = F.cross_entropy(clf_logits, labels)
    lm = lm_loss(lm_logits, ids)
    return {"clf": clf, "lm": lm, "total": clf + lm_coef * lm}
