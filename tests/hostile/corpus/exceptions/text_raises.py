"""An exception whose text, asked for, raises another of the same kind.

Expect: all RAISED
"""


class Odd(Exception):
    def __str__(self):
        raise Odd

    __repr__ = __str__


def attack(*args):
    raise Odd


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
