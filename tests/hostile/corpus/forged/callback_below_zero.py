"""Calls the last function passed by the number -1.

Expect: all BAD_REPLY
"""

import os
import struct
import time

from grader.wire.codec import encode


def attack(*args):
    frame = encode(("Callback", 1, -1, (1.0,), {}))
    os.write(3, struct.pack("<I", len(frame)) + frame)
    time.sleep(60)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
