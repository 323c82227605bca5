"""A list nested just as deep as a reply may be.

Expect: all WRONG
"""


def attack(*args):
    deep = 0.0
    for _ in range(31):
        deep = [deep]
    return deep


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
