"""Names the exceptions by which the judge tells its own faults.

Expect: all RAISED
"""

import os
import struct
import time

from grader.wire.codec import encode

NAMES = ["MachineFault", "Broken", "EncodeError", "Skipped", "Failed", "SystemExit", "KeyboardInterrupt"]


def attack(*args):
    frame = encode(("Raised", 1, NAMES, "the wall has fallen", ""))
    os.write(3, struct.pack("<I", len(frame)) + frame)
    time.sleep(60)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
