"""An array larger than a frame may be.

Expect: all BAD_REPLY
"""

import numpy as np


def attack(*args):
    return np.zeros(80 * 2**20, dtype=np.uint8)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
