"""An array of no elements with sides of two billion: numpy itself cannot shape it.

Expect: all BAD_REPLY
"""

import os
import struct
import time

from grader.wire.codec import encode


def attack(*args):
    array = b"a\x0b\x03" + struct.pack("<QQQ", 0, 2**31, 2**31)
    frame = b"t\x04\x00\x00\x00" + encode("Returned") + encode(1) + array + encode(0)
    os.write(3, struct.pack("<I", len(frame)) + frame)
    time.sleep(60)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
