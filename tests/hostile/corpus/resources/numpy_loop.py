"""A long computation inside numpy.

Expect: all MISSING, t02 TIMED_OUT
"""

import numpy as np


def entropy(p):
    ones = np.ones(2000)
    return np.einsum("i,j,k->", ones, ones, np.ones(10**6), optimize=False)
