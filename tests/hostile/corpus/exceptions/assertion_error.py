"""Raises the exception by which tests fail.

Expect: all RAISED
"""


def attack(*args):
    raise AssertionError


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
