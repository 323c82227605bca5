"""A frame of no bytes.

Expect: all BAD_REPLY
"""

import os
import time


def attack(*args):
    os.write(3, b"\x00" * 4)
    time.sleep(60)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
