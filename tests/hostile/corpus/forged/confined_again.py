"""Repeats the first message: another wall.

Expect: all BAD_REPLY
"""

import os
import struct

from grader.wire.codec import encode


def attack(*args):
    frame = encode(("Confined", "none"))
    os.write(3, struct.pack("<I", len(frame)) + frame)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
