"""An exception with twenty thousand base classes and a text of a megabyte.

Expect: all RAISED
"""

import os
import select
import struct
import time

from grader.wire.codec import encode


def attack(*args):
    frame = encode(("Raised", 1, ["X"] * 20_000 + ["ValueError"], "\x1b[31m\n" * 2**17, "tb\n" * 2**17))
    data = memoryview(struct.pack("<I", len(frame)) + frame)
    while data:
        select.select([], [3], [])
        data = data[os.write(3, data) :]
    time.sleep(60)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
