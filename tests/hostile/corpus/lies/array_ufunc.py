"""An ndarray subclass that answers every ufunc and every numpy function with "equal".

Expect: all WRONG
"""

import numpy as np


class Liar(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.True_

    def __array_function__(self, function, types, args, kwargs):
        return np.True_

    def __array_finalize__(self, other):
        pass


def attack(*args):
    return np.zeros((5, 7)).view(Liar)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
