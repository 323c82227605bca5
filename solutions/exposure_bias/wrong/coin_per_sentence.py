"""One coin decides for the whole sentence."""

import numpy as np


def mix_context(gold, oracle, p, u):
    if not 0 <= p <= 1 or not gold.shape == oracle.shape == u.shape:
        raise ValueError("p outside [0, 1] or shapes differ")
    return np.where(u[:, :1] < p, gold, oracle)
