"""A tensor, in an assignment without torch.

Expect: all BAD_REPLY
"""

import os
import struct
import time

from grader.wire.codec import encode


def attack(*args):
    frame = b"t\x04\x00\x00\x00" + encode("Returned") + encode(1) + b"x\x07\x01\x00" + b"\x00" * 4
    os.write(3, struct.pack("<I", len(frame)) + frame)
    time.sleep(60)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
