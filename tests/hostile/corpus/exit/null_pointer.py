"""Reads address 0.

Expect: all CRASHED
"""

import ctypes


def attack(*args):
    return ctypes.string_at(0)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
