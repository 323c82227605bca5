"""Bytes that are not the wire's language.

Expect: all BAD_REPLY
"""

import os
import time


def attack(*args):
    os.write(3, b"\x05\x00\x00\x00" + b"cos\nX")
    time.sleep(60)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
