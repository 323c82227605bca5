"""An ndarray subclass with another shape, dtype and content, depending on who asks.

Expect: all WRONG
"""

import numpy as np


class Liar(np.ndarray):
    @property
    def shape(self):
        return (5, 7)

    @property
    def dtype(self):
        raise SystemExit(0)

    @property
    def nbytes(self):
        return 0

    def tobytes(self, order="C"):
        return b""

    def astype(self, *args, **kwargs):
        return self


def attack(*args):
    return np.zeros(3).view(Liar)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
