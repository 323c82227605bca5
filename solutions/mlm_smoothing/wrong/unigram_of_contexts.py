"""The unigram model counts tokens as contexts (row sums) where targets are meant."""

import numpy as np


def jelinek_mercer(counts, lam):
    if not 0 <= lam <= 1 or counts.sum() == 0:
        raise ValueError("lam is no weight, or nothing was counted")
    rows = counts.sum(axis=1, keepdims=True)
    unigram = np.broadcast_to(counts.sum(axis=1) / counts.sum(), counts.shape)
    bigram = np.divide(counts, rows, out=unigram.copy(), where=rows > 0)
    return lam * bigram + (1 - lam) * unigram
