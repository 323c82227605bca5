"""Announces a frame of four gigabytes.

Expect: all BAD_REPLY
"""

import os
import time


def attack(*args):
    os.write(3, b"\xff\xff\xff\xff" + b"x" * 1000)
    time.sleep(60)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
