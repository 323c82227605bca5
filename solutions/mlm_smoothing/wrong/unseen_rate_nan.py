"""gamma_i of a context that was never seen is 0 / 0."""

import numpy as np


def kn_noise(counts, gamma0):
    if not 0 <= gamma0 <= 1:
        raise ValueError("gamma0 is no probability")
    seen, rows = counts > 0, counts.sum(axis=1)
    left = seen.sum(axis=0)
    with np.errstate(invalid="ignore"):
        return gamma0 * seen.sum(axis=1) / rows, left / left.sum()
