"""Opens pipes until no descriptor is left.

Expect: all RAISED
"""

import os


def attack(*args):
    while True:
        os.pipe()


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
