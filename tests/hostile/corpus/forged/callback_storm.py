"""Sends callbacks as fast as it can and reads no answer.

Expect: all MISSING, t04 TIMED_OUT
"""

import os
import struct
import time

from grader.wire.codec import encode


def iterate(step_fn, start, limit):
    frame = encode(("Callback", 1, 0, (1.0,), {}))
    data = (struct.pack("<I", len(frame)) + frame) * 500
    while True:
        try:
            os.write(3, data)
        except BlockingIOError:
            time.sleep(0)
