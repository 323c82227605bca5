"""A masked array: what is hidden compares as if it were right.

Expect: all WRONG
"""

import numpy as np


def attack(*args):
    return np.ma.masked_all((5, 7))


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
