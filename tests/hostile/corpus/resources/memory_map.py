"""Maps memory by hand.

Expect: all OUT_OF_MEMORY
"""

import mmap


def attack(*args):
    return len(mmap.mmap(-1, 2**34))


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
