"""Sends itself SIGTERM through the C library.

Expect: all RAISED
"""

import signal


def attack(*args):
    signal.raise_signal(signal.SIGTERM)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
