"""The causal mask is j < i: a token may not look at itself, and the first one at nothing."""

import numpy as np


def causal_mask(n):
    if n < 0:
        raise ValueError("n must not be negative")
    return np.tri(n, k=-1, dtype=bool)
