"""An exception of no class at all.

Expect: all RAISED
"""

import os
import struct
import time

from grader.wire.codec import encode


def attack(*args):
    frame = encode(("Raised", 1, [], "", ""))
    os.write(3, struct.pack("<I", len(frame)) + frame)
    time.sleep(60)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
