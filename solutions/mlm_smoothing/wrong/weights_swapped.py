"""lam weights the unigram model and 1 - lam the bigram model."""

import numpy as np


def jelinek_mercer(counts, lam):
    if not 0 <= lam <= 1 or counts.sum() == 0:
        raise ValueError("lam is no weight, or nothing was counted")
    rows = counts.sum(axis=1, keepdims=True)
    unigram = np.broadcast_to(counts.sum(axis=0) / counts.sum(), counts.shape)
    bigram = np.divide(counts, rows, out=unigram.copy(), where=rows > 0)
    return (1 - lam) * bigram + lam * unigram
