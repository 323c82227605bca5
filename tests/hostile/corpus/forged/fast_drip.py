"""Sends a frame one byte at a time, from three threads, without a pause.

Expect: all MISSING, t02 TIMED_OUT
"""

import contextlib
import os
import struct
import threading


def drip():
    while True:
        with contextlib.suppress(BlockingIOError):
            os.write(3, b"x")


def entropy(p):
    os.write(3, struct.pack("<I", 2**26 - 1))
    for _ in range(2):
        threading.Thread(target=drip).start()
    drip()
