"""An array of bools whose bytes are 2.

Expect: all BAD_REPLY
"""

import os
import struct
import time

from grader.wire.codec import encode


def attack(*args):
    frame = b"t\x04\x00\x00\x00" + encode("Returned") + encode(1)
    frame += b"a\x00\x01" + struct.pack("<Q", 3) + b"\x02\x02\x02" + encode(0)
    os.write(3, struct.pack("<I", len(frame)) + frame)
    time.sleep(60)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
