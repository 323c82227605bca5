"""jelinek_mercer accepts a lam below 0 or above 1."""

import numpy as np


def jelinek_mercer(counts, lam):
    if counts.sum() == 0:
        raise ValueError("nothing was counted")
    rows = counts.sum(axis=1, keepdims=True)
    unigram = np.broadcast_to(counts.sum(axis=0) / counts.sum(), counts.shape)
    bigram = np.divide(counts, rows, out=unigram.copy(), where=rows > 0)
    return lam * bigram + (1 - lam) * unigram
