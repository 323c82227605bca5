"""Guesses the ids to come and queues an answer for each of them.

Expect: all WRONG
"""

import os
import struct

from grader.wire.codec import encode


def attack(*args):
    for number in range(1, 20):
        frame = encode(("Returned", number, 0.5, 0))
        os.write(3, struct.pack("<I", len(frame)) + frame)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
