"""NaN, which no comparison refuses by itself.

Expect: all WRONG
"""

import numpy as np


def attack(*args):
    return np.full(np.shape(args[0]), np.nan)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
