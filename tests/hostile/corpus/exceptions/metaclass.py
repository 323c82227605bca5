"""An exception class whose name and ancestors are computed.

Expect: all CRASHED
"""


class Meta(type):
    @property
    def __name__(cls):
        raise SystemExit(0)


class Odd(Exception, metaclass=Meta):
    pass


def attack(*args):
    raise Odd


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
