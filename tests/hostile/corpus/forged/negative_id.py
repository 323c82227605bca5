"""An id below zero, and one that is a bool.

Expect: all BAD_REPLY
"""

import os
import struct

from grader.wire.codec import encode


def attack(*args):
    for id_ in (True, -1):
        frame = encode(("Returned", id_, 0.0, 0))
        os.write(3, struct.pack("<I", len(frame)) + frame)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
