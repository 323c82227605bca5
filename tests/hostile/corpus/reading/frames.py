"""Walks the stack and prints every local and global it finds.

Expect: all WRONG
"""

import sys


def attack(*args):
    frame = sys._getframe()
    while frame is not None:
        for place in (frame.f_locals, frame.f_globals):
            for name, value in list(place.items()):
                if not name.startswith("__"):
                    print(frame.f_code.co_name, name, repr(value)[:200])
        frame = frame.f_back
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
