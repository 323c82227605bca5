"""An exception whose constructor wants five arguments, of a class that cannot be copied.

Expect: all RAISED
"""


class Odd(UnicodeDecodeError):
    def __init__(self):
        super().__init__("utf-8", b"x", 0, 1, "odd")

    def __reduce_ex__(self, version):
        raise SystemExit(0)


def attack(*args):
    raise Odd


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
