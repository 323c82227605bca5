"""With power 0 a word that never occurs gets the weight 0**0 = 1."""

import numpy as np


def noise_distribution(counts, power=0.75):
    if (counts < 0).any() or not counts.any():
        raise ValueError("counts must be nonnegative, and at least one of them positive")
    weights = counts.astype(np.float64) ** power
    return weights / weights.sum()
