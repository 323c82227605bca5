"""True in the mask means "hidden", as in torch.nn.MultiheadAttention."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def masked_softmax(scores, mask=None):
    if mask is not None:
        scores = np.where(_at_full_size(mask, scores.shape), -np.inf, scores)
    largest = scores.max(axis=-1, keepdims=True, initial=np.finfo(float).min)
    exp = np.exp(scores - largest)
    return exp / np.maximum(exp.sum(axis=-1, keepdims=True), 1)
