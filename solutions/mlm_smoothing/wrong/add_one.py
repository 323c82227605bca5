"""Add-one smoothing stands in for the bigram estimate."""

import numpy as np


def jelinek_mercer(counts, lam):
    if not 0 <= lam <= 1 or counts.sum() == 0:
        raise ValueError("lam is no weight, or nothing was counted")
    rows = counts.sum(axis=1, keepdims=True)
    unigram = np.broadcast_to(counts.sum(axis=0) / counts.sum(), counts.shape)
    bigram = (counts + 1) / (rows + len(counts))
    return lam * bigram + (1 - lam) * unigram
