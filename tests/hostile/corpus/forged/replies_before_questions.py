"""Queues answers at import, before anything is asked.

Expect: all BAD_REPLY
"""

import os
import struct

from grader.wire.codec import encode

for number in range(1, 20):
    frame = encode(("Returned", number, True, 0))
    os.write(3, struct.pack("<I", len(frame)) + frame)
