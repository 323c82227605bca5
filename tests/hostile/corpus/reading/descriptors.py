"""Reads and prints whatever descriptor it has inherited.

Expect: all WRONG
"""

import contextlib
import os


def attack(*args):
    for number in (0, 1, 2, *range(4, 64)):
        with contextlib.suppress(OSError):
            status = os.fstat(number)
            if number > 2:
                print("BREACH found descriptor", number, oct(status.st_mode))
            os.set_blocking(number, False)
            print("BREACH read" if os.read(number, 1000) else "nothing in", number)
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
