"""An integer of a hundred thousand digits.

Expect: all BAD_REPLY
"""


def attack(*args):
    return 10**100_000


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
