"""Answers nothing.

Expect: all WRONG
"""


def attack(*args):
    return None


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
