"""A standard output whose `flush` exits.

Expect: all CRASHED
"""

import sys


class Stream:
    def write(self, text):
        raise SystemExit(0)

    flush = write


def attack(*args):
    sys.stdout = sys.stderr = Stream()
    return 0.0


Stream.flush = lambda self: sys.exit(0)
standardise = entropy = pick = iterate = Meter = clip = ranks = attack
