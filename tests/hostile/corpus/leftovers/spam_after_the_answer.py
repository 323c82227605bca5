"""A thread that writes forged answers to the line after the first, right one.

Expect: all MISSING, t01 BAD_REPLY
"""

import os
import struct
import threading
import time

from grader.wire.codec import encode

done = threading.Event()


def spam():
    frame = encode(("Returned", 77, True, 0))
    while True:
        try:
            os.write(3, struct.pack("<I", len(frame)) + frame)
        except BlockingIOError:
            time.sleep(0.001)


def standardise(x):
    if not done.is_set():
        done.set()
        threading.Timer(0.0, spam).start()
        return (x - x.mean(-1, keepdims=True)) / x.std(-1, keepdims=True)
    time.sleep(60)
