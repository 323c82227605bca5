"""Hidden scores are replaced by -1e9, which is not below every kept score; empty rows are zeroed."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def masked_softmax(scores, mask=None):
    kept = np.ones(scores.shape, dtype=bool) if mask is None else _at_full_size(mask, scores.shape)
    scores = np.where(kept, scores, -1e9)
    exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exp / exp.sum(axis=-1, keepdims=True) * kept.any(axis=-1, keepdims=True)
