"""Replaces the encoder's methods: every float is sent as a tag that nobody knows.

Expect: all BAD_REPLY, t05 MISSING
"""

import sys

codec = sys.modules["grader.wire.codec"]


class Encoder(codec.Encoder):
    def encode(self, value):
        return b"!" + super().encode(value)


def attack(*args):
    sys.modules["grader.worker.serve"].Encoder = Encoder
    return 0.0


standardise = entropy = pick = iterate = clip = ranks = attack
