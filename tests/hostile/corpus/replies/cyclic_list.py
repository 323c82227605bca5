"""A list that contains itself, twice.

Expect: all BAD_REPLY
"""


def attack(*args):
    loop = []
    loop += [loop, loop]
    return loop


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
