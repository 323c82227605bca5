"""Ends in the middle of an answer.

Expect: all CRASHED
"""

import os


def attack(*args):
    os.write(3, b"\x40\x00\x00\x00t\x05")
    os._exit(0)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
