"""An unseen context divides 0 by 0 and fills its row with NaN."""

import numpy as np


def jelinek_mercer(counts, lam):
    if not 0 <= lam <= 1 or counts.sum() == 0:
        raise ValueError("lam is no weight, or nothing was counted")
    rows = counts.sum(axis=1, keepdims=True)
    unigram = np.broadcast_to(counts.sum(axis=0) / counts.sum(), counts.shape)
    with np.errstate(invalid="ignore"):
        return lam * (counts / rows) + (1 - lam) * unigram
