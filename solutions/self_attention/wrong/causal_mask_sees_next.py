"""The causal mask is j <= i + 1: every token may look at the one that it is to predict."""

import numpy as np


def causal_mask(n):
    if n < 0:
        raise ValueError("n must not be negative")
    return np.tri(n, k=1, dtype=bool)
