"""A thread answers while the main one computes for ever.

Expect: all WRONG
"""

import os
import struct
import threading
import time

from grader.wire.codec import encode


def answer():
    frame = encode(("Returned", 1, 0.25, 0))
    os.write(3, struct.pack("<I", len(frame)) + frame)


def attack(*args):
    threading.Thread(target=answer).start()
    time.sleep(60)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
