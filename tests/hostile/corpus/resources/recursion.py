"""Recurses for ever.

Expect: all RAISED
"""


def attack(*args):
    return attack(*args)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
