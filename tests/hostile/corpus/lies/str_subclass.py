"""A str that encodes itself to other bytes, longer than announced.

Expect: all WRONG
"""


class Liar(str):
    def encode(self, *args):
        return b"\x00" * 10

    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


def attack(*args):
    return Liar("nats")


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
