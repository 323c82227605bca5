"""q is the unigram model: frequent tokens, not tokens with many different left neighbours."""

import numpy as np


def kn_noise(counts, gamma0):
    if not 0 <= gamma0 <= 1:
        raise ValueError("gamma0 is no probability")
    seen, rows = counts > 0, counts.sum(axis=1)
    diversity = np.divide(seen.sum(axis=1), rows, out=np.zeros(len(rows)), where=rows > 0)
    return gamma0 * diversity, counts.sum(axis=0) / counts.sum()
