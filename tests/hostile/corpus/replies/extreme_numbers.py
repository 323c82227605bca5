"""Numbers whose difference overflows: 1e308, the smallest subnormal, and complex ones.

Expect: all WRONG
"""

import numpy as np


def attack(*args):
    return np.resize(np.array([1e308, -1e308, 5e-324, -0.0]), (5, 7)) * (1 + 1j)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
