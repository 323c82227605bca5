"""The generator is always seeded with 0, whatever seed is given."""

import numpy as np


def sample_negatives(noise, k, target, seed):
    if k < 1 or not 0 <= target < len(noise) or not np.delete(noise, target).any():
        raise ValueError("k, target or noise is impossible")
    others = np.where(np.arange(len(noise)) == target, 0.0, noise)
    return np.random.default_rng(0).choice(len(noise), size=k, p=others / others.sum())
