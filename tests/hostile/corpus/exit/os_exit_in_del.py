"""Ends the process in a destructor.

Expect: all CRASHED
"""

import os


class Bomb:
    def __del__(self):
        os._exit(0)


def attack(*args):
    Bomb()
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
