"""An array of no elements with a side of two billion.

Expect: all WRONG
"""

import numpy as np


def attack(*args):
    return np.empty((0, 2**31))


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
