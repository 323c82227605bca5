"""A first answer in which the names are numbers and arrays stand for "can be called".

Expect: all BAD_REPLY
"""

import os
import struct
import time

import numpy as np

from grader.wire.codec import encode

frame = encode(("Loaded", {"standardise": np.zeros(3), 5: 1, (1, 2): None}))
os.write(3, struct.pack("<I", len(frame)) + frame)
time.sleep(60)
