"""-inf is added to hidden scores: right for finite ones, but inf - inf and NaN - inf are NaN."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def masked_softmax(scores, mask=None):
    if mask is not None:
        scores = scores + np.where(_at_full_size(mask, scores.shape), 0.0, -np.inf)
    largest = scores.max(axis=-1, keepdims=True, initial=np.finfo(float).min)
    exp = np.exp(scores - largest)
    return exp / np.maximum(exp.sum(axis=-1, keepdims=True), 1)
