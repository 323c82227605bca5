"""The same, twenty thousand keys, in a frame made by hand so that building it costs the attacker nothing.

Expect: all MISSING, t02 BAD_REPLY
"""

import itertools
import os
import select
import struct
import time

from grader.wire.codec import encode


def entropy(p):
    floats = [encode(2.0 ** (61 * k)) for k in range(-16, 17)]
    keys = itertools.islice(itertools.product(floats, repeat=3), 20_000)
    body = b"".join(b"t\x03\x00\x00\x00" + b"".join(key) + b"N" for key in keys)
    frame = b"t\x04\x00\x00\x00" + encode("Returned") + encode(1) + b"m" + struct.pack("<I", 20_000) + body
    frame += encode(0)
    data = memoryview(struct.pack("<I", len(frame)) + frame)
    while data:
        select.select([], [3], [])
        data = data[os.write(3, data) :]
    time.sleep(60)
