"""q_j counts the distinct tokens that follow j instead of those that precede it."""

import numpy as np


def kn_noise(counts, gamma0):
    if not 0 <= gamma0 <= 1:
        raise ValueError("gamma0 is no probability")
    seen, rows = counts > 0, counts.sum(axis=1)
    diversity = np.divide(seen.sum(axis=1), rows, out=np.zeros(len(rows)), where=rows > 0)
    return gamma0 * diversity, seen.sum(axis=1) / seen.sum()
