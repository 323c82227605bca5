"""The probabilities are multiplied by the mask after the softmax, and not made to sum to 1 again."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def masked_softmax(scores, mask=None):
    exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
    probabilities = exp / exp.sum(axis=-1, keepdims=True)
    return probabilities if mask is None else probabilities * _at_full_size(mask, scores.shape)
