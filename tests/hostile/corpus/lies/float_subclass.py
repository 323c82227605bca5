"""A float whose arithmetic and comparisons lie.

Expect: all WRONG
"""


class Liar(float):
    def zero(self, *args):
        return Liar(0.0)

    def yes(self, *args):
        return True

    __sub__ = __rsub__ = __abs__ = zero
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = yes
    __hash__ = float.__hash__


def attack(*args):
    return Liar(7.0)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
