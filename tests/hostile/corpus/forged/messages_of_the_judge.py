"""Speaks as if it were the judge.

Expect: all BAD_REPLY
"""

import os
import struct
import time

from grader.wire.codec import encode


def attack(*args):
    frame = encode(("Call", 1, None, "standardise", (), {}, False, False))
    os.write(3, struct.pack("<I", len(frame)) + frame)
    time.sleep(60)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
