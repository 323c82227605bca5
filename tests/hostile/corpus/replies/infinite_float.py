"""One infinite number wherever one is due.

Expect: all WRONG
"""


def attack(*args):
    return float("inf")


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
