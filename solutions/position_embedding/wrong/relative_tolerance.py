"""np.allclose is left with its relative tolerance of 1e-5, so large values may differ."""

import numpy as np


def _equal(a, b, atol):
    return a.shape == b.shape and np.allclose(a, b, atol=atol)
