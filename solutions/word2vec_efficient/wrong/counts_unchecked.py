"""Negative counts, and counts that are all 0, are accepted."""

import numpy as np


def noise_distribution(counts, power=0.75):
    weights = np.zeros(len(counts))
    weights[counts > 0] = counts[counts > 0] ** power
    return weights / max(weights.sum(), 1e-300)
