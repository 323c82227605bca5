"""Asks for an array of sixteen gigabytes.

Expect: all OUT_OF_MEMORY
"""

import numpy as np


def attack(*args):
    return np.ones(2**31)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
