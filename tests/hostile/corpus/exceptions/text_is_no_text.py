"""An exception whose text is a str with a will of its own.

Expect: all RAISED
"""


class Text(str):
    def __getitem__(self, key):
        return Text("x" * 10**6)

    def encode(self, *args):
        return b"PASSED"


class Odd(Exception):
    def __str__(self):
        return Text("y")


def attack(*args):
    raise Odd


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
