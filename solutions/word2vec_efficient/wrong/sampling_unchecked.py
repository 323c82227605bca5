"""sample_negatives checks none of its arguments."""

import numpy as np


def sample_negatives(noise, k, target, seed):
    others = noise.copy()
    others[target % len(noise)] = 0.0
    p = others / others.sum() if others.any() else noise
    return np.random.default_rng(seed).choice(len(noise), size=max(k, 0), p=p)
