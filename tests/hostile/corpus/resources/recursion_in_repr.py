"""A list so deep that neither printing nor comparing it comes back.

Expect: all RAISED
"""


def attack(*args):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    return repr(deep)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
