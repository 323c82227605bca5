"""-inf is written into the scores that the caller still needs."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def masked_softmax(scores, mask=None):
    if mask is not None:
        scores[~_at_full_size(mask, scores.shape)] = -np.inf
    largest = scores.max(axis=-1, keepdims=True, initial=np.finfo(float).min)
    exp = np.exp(scores - largest)
    return exp / np.maximum(exp.sum(axis=-1, keepdims=True), 1)
