"""The default exponent is 1: the plain unigram distribution."""

import numpy as np


def noise_distribution(counts, power=1.0):
    if (counts < 0).any() or not counts.any():
        raise ValueError("counts must be nonnegative, and at least one of them positive")
    weights = np.where(counts > 0, np.maximum(counts, 1e-300) ** power, 0.0)
    return weights / weights.sum()
