"""An array of objects, each equal to everything.

Expect: all WRONG, t05 MISSING
"""

import numpy as np


class AlwaysEqual:
    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__
    __hash__ = None


def attack(*args):
    array = np.empty((5, 7), dtype=object)
    array[:] = AlwaysEqual()
    return array


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
