"""The target's probability is set to 0 in the array of the caller."""

import numpy as np


def sample_negatives(noise, k, target, seed):
    if k < 1 or not 0 <= target < len(noise) or not np.delete(noise, target).any():
        raise ValueError("k, target or noise is impossible")
    noise[target] = 0.0
    return np.random.default_rng(seed).choice(len(noise), size=k, p=noise / noise.sum())
