"""Registers an exit handler that prints a forged summary; the process is never left in a way that runs it.

Expect: all WRONG
"""

import atexit

atexit.register(print, "7 passed in 0.01s")


def attack(*args):
    return None


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
