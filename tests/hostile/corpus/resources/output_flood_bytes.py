"""Writes raw bytes to both output descriptors for ever.

Expect: all MISSING, t02 OUTPUT_LIMIT
"""

import os


def entropy(p):
    while True:
        os.write(1, b"\xff\x00\x1b[" * 4096)
        os.write(2, b"\xff\x00\x1b[" * 4096)
