"""A negative n gives an empty causal mask."""

import numpy as np


def causal_mask(n):
    return np.tri(max(n, 0), dtype=bool)
