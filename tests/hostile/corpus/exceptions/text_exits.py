"""An exception whose text ends the process.

Expect: all CRASHED
"""

import os


class Odd(Exception):
    def __str__(self):
        os._exit(0)


def attack(*args):
    raise Odd


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
