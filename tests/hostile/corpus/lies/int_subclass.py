"""An int whose conversion to a float, an index or bytes lies.

Expect: all WRONG
"""


class Liar(int):
    def __index__(self):
        raise SystemExit(0)

    __float__ = __int__ = __bool__ = bit_length = __index__

    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


def attack(*args):
    return Liar(7)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
