"""Answers True, which is a number, too.

Expect: all WRONG
"""


def attack(*args):
    return True


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
