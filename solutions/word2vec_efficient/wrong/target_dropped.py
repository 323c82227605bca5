"""The target is drawn and then dropped, so fewer than k ids come back."""

import numpy as np


def sample_negatives(noise, k, target, seed):
    if k < 1 or not 0 <= target < len(noise) or not np.delete(noise, target).any():
        raise ValueError("k, target or noise is impossible")
    ids = np.random.default_rng(seed).choice(len(noise), size=k, p=noise)
    return ids[ids != target]
