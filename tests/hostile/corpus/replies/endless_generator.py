"""A generator without an end where a list is due.

Expect: all WRONG, t05 MISSING
"""

import itertools


def attack(*args):
    return itertools.count()


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
