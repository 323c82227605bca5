"""Pretends that the machine has no memory left.

Expect: all OUT_OF_MEMORY
"""


def attack(*args):
    raise MemoryError("fork server has gone")


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
