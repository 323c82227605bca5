"""A reason of half a megabyte, with control characters and lone surrogates.

Expect: all BAD_REPLY
"""

import os
import select
import struct
import time

from grader.wire.codec import encode


def attack(*args):
    frame = encode(("Unsendable", 1, "\x1b]0;owned\x07\x00\ud800" * 2**15))
    data = memoryview(struct.pack("<I", len(frame)) + frame)
    while data:
        select.select([], [3], [])
        data = data[os.write(3, data) :]
    time.sleep(60)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
