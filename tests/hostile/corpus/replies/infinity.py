"""Infinities whose difference is not a number.

Expect: all WRONG
"""

import numpy as np


def attack(*args):
    return np.where(np.arange(35).reshape(5, 7) % 2, np.inf, -np.inf)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
