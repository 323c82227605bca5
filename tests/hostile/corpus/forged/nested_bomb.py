"""Lists in lists, ten thousand deep.

Expect: all BAD_REPLY
"""

import os
import struct
import time


def attack(*args):
    frame = b"l\x01\x00\x00\x00" * 10_000 + b"N"
    os.write(3, struct.pack("<I", len(frame)) + frame)
    time.sleep(60)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
