"""Results of different shapes are broadcast against each other and may count as equal."""

import numpy as np


def _equal(a, b, atol):
    try:
        return np.allclose(a, b, rtol=0, atol=atol)
    except ValueError:
        return False
