"""Counts that are all 0 give a uniform model instead of an error."""

import numpy as np


def jelinek_mercer(counts, lam):
    if not 0 <= lam <= 1:
        raise ValueError("lam is no weight")
    if counts.sum() == 0:
        return np.full(counts.shape, 1 / len(counts))
    rows = counts.sum(axis=1, keepdims=True)
    unigram = np.broadcast_to(counts.sum(axis=0) / counts.sum(), counts.shape)
    bigram = np.divide(counts, rows, out=unigram.copy(), where=rows > 0)
    return lam * bigram + (1 - lam) * unigram
