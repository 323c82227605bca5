"""Sends a frame one byte at a time, for ever.

Expect: all MISSING, t02 TIMED_OUT
"""

import os
import struct
import time


def entropy(p):
    os.write(3, struct.pack("<I", 2**20))
    while True:
        os.write(3, b"x")
        time.sleep(0.02)
