"""Lists that do not fit together.

Expect: all WRONG
"""


def attack(*args):
    return [[1.0, 2.0], [3.0], 4.0, [[5.0]]]


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
