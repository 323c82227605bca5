"""An array of one element and thirty dimensions.

Expect: all WRONG
"""

import numpy as np


def attack(*args):
    return np.zeros((1,) * 30)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
