"""A chain of two thousand causes.

Expect: all RAISED
"""


def attack(*args):
    error = None
    for number in range(2_000):
        following = RuntimeError(number)
        following.__cause__ = error
        error = following
    raise error


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
