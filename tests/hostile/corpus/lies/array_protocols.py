"""An object that is an array to whoever asks: __array__, __array_interface__, __float__.

Expect: all WRONG, t05 MISSING
"""

import numpy as np


class Liar:
    __array_interface__ = {"shape": (5, 7), "typestr": "<f8", "data": (8, False), "version": 3}
    __array_priority__ = 1e9
    __array_ufunc__ = None

    def __array__(self, *args, **kwargs):
        return np.zeros((5, 7))

    def __float__(self):
        return 0.0


def attack(*args):
    return Liar()


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
