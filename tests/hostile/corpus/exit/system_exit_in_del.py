"""Raises SystemExit in a destructor, between computing and answering.

Expect: all WRONG
"""


class Bomb:
    def __del__(self):
        raise SystemExit(0)


def attack(*args):
    Bomb()
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
