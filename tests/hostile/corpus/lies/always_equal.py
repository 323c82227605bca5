"""An object that equals everything, is less and greater than everything, and is zero when subtracted.

Expect: all WRONG, t05 MISSING
"""


class AlwaysEqual:
    def yes(self, *args):
        return True

    def zero(self, *args):
        return self

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __bool__ = yes
    __sub__ = __rsub__ = __abs__ = __add__ = __radd__ = __mul__ = __rmul__ = __getitem__ = zero
    __hash__ = None

    def __len__(self):
        return 1


def attack(*args):
    return AlwaysEqual()


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
