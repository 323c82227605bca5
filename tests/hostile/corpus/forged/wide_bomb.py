"""A list of four billion elements, an array of 2**62, a text of 4 GiB: all announced, none sent.

Expect: all BAD_REPLY
"""

import os
import struct
import time

BOMBS = [
    b"l\xff\xff\xff\xff",
    b"a\x0b\x02" + struct.pack("<QQ", 2**31, 2**31),
    b"s\xff\xff\xff\xff",
    b"I\xff\xff",
    b"m\xff\xff\xff\x7f",
    b"a\x0b\xff" + b"\x01" * 100,
]


def attack(*args):
    bomb = BOMBS[len(args) % len(BOMBS)]
    frame = b"t\x05\x00\x00\x00" + b"s\x08\x00\x00\x00Returned" + b"i" + struct.pack("<q", 1) + bomb
    os.write(3, struct.pack("<I", len(frame)) + frame)
    time.sleep(60)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
