"""An array of megabytes where a small one is due.

Expect: all WRONG
"""

import numpy as np


def attack(*args):
    return np.zeros(8 * 2**20, dtype=np.uint8)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
