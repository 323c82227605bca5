"""The causal mask is j >= i: every token looks at itself and the future."""

import numpy as np


def causal_mask(n):
    if n < 0:
        raise ValueError("n must not be negative")
    return np.triu(np.ones((n, n), dtype=bool))
