"""An array of no elements with a side of 2**40.

Expect: all BAD_REPLY
"""

import numpy as np


def attack(*args):
    return np.empty((2**40, 0))


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
