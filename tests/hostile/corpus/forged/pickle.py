"""A pickle that runs a command where it is loaded.

Expect: all BAD_REPLY
"""

import os
import pickle
import struct
import time


class Payload:
    def __reduce__(self):
        return (print, ("loaded",))


def attack(*args):
    frame = pickle.dumps(Payload())
    os.write(3, struct.pack("<I", len(frame)) + frame)
    time.sleep(60)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
