"""Raises unittest's SkipTest.

Expect: all RAISED
"""

import unittest


def attack(*args):
    raise unittest.SkipTest("not today")


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
