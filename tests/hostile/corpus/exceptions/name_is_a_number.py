"""An exception class whose name is a number.

Expect: all BAD_REPLY
"""


class Meta(type):
    __name__ = 5


class Odd(Exception, metaclass=Meta):
    pass


def attack(*args):
    raise Odd


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
