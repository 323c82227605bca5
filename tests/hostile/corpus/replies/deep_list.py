"""A list nested a thousand times.

Expect: all BAD_REPLY
"""


def attack(*args):
    deep = []
    for _ in range(900):
        deep = [deep]
    return deep


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
