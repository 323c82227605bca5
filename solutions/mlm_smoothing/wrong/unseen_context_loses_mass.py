"""An unseen context gets only (1 - lam) times the unigram model; its row does not sum to 1."""

import numpy as np


def jelinek_mercer(counts, lam):
    if not 0 <= lam <= 1 or counts.sum() == 0:
        raise ValueError("lam is no weight, or nothing was counted")
    rows = counts.sum(axis=1, keepdims=True)
    unigram = np.broadcast_to(counts.sum(axis=0) / counts.sum(), counts.shape)
    bigram = np.divide(counts, rows, out=np.zeros(counts.shape), where=rows > 0)
    return lam * bigram + (1 - lam) * unigram
