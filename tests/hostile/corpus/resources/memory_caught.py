"""Catches every MemoryError and asks again.

Expect: all MISSING, t02 TIMED_OUT
"""

import contextlib


def entropy(p):
    everything = []
    while True:
        with contextlib.suppress(MemoryError):
            everything.append(bytearray(2**24))
