"""All words that can occur are equally likely to be drawn."""

import numpy as np


def sample_negatives(noise, k, target, seed):
    if k < 1 or not 0 <= target < len(noise) or not np.delete(noise, target).any():
        raise ValueError("k, target or noise is impossible")
    possible = np.flatnonzero((noise > 0) & (np.arange(len(noise)) != target))
    return np.random.default_rng(seed).choice(possible, size=k)
