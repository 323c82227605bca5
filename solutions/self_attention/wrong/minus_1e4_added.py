"""Hidden scores get -1e4 added instead of being left out."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def masked_softmax(scores, mask=None):
    if mask is not None:
        scores = scores + np.where(_at_full_size(mask, scores.shape), 0.0, -1e4)
    exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exp / exp.sum(axis=-1, keepdims=True)
