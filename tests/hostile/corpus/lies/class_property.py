"""An object that says its class is float.

Expect: all WRONG, t05 MISSING
"""


class Liar:
    @property
    def __class__(self):
        return float

    def __eq__(self, other):
        return True


def attack(*args):
    return Liar()


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
