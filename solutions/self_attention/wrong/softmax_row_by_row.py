"""masked_softmax calls a function of its own for each row, through np.apply_along_axis."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def masked_softmax(scores, mask=None):
    if mask is not None:
        scores = np.where(_at_full_size(mask, scores.shape), scores, -np.inf)
    return np.apply_along_axis(_softmax, -1, scores)


def _softmax(row):
    exp = np.exp(row - row.max(initial=np.finfo(float).min))
    return exp / max(exp.sum(), 1)
