"""The maximum that is subtracted is taken before masking, so hidden scores decide whether exp vanishes."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def masked_softmax(scores, mask=None):
    exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
    if mask is not None:
        exp = np.where(_at_full_size(mask, scores.shape), exp, 0.0)
    total = exp.sum(axis=-1, keepdims=True)
    return exp / np.where(total == 0, 1.0, total)
