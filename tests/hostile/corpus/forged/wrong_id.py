"""Answers another question than the one that was asked.

Expect: all BAD_REPLY
"""

import os
import struct

from grader.wire.codec import encode


def attack(*args):
    frame = encode(("Returned", 99, 0.0, 0))
    os.write(3, struct.pack("<I", len(frame)) + frame)
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
