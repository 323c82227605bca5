"""One maximum is subtracted from all rows, so rows far below it vanish."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def masked_softmax(scores, mask=None):
    if mask is not None:
        scores = np.where(_at_full_size(mask, scores.shape), scores, -np.inf)
    exp = np.exp(scores - scores.max(initial=np.finfo(float).min))
    total = exp.sum(axis=-1, keepdims=True)
    return exp / np.where(total == 0, 1.0, total)
