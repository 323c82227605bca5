"""Sends lists to a callback as fast as it can and swallows the answers: the judge never has to wait for data.

Expect: all MISSING, t04 TIMED_OUT
"""

import os
import struct
import threading
import time

from grader.wire.codec import encode


def swallow():
    while True:
        try:
            os.read(3, 65536)
        except BlockingIOError:
            time.sleep(0.001)


def iterate(step_fn, start, limit):
    frame = encode(("Callback", 1, 0, ([None] * 100,), {}))
    data = struct.pack("<I", len(frame)) + frame
    threading.Thread(target=swallow, daemon=True).start()
    pending = b""
    while True:
        pending = pending or data
        try:
            pending = pending[os.write(3, pending) :]
        except BlockingIOError:
            time.sleep(0)
