"""Empties sys.modules and sys.path.

Expect: all WRONG
"""

import sys


def attack(*args):
    sys.modules.clear()
    sys.path.clear()
    sys.meta_path.clear()
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
