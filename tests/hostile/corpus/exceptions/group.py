"""A group of groups of exceptions.

Expect: all RAISED
"""


def attack(*args):
    error = ValueError("innermost")
    for _ in range(200):
        error = BaseExceptionGroup("group", [error, SystemExit(0)])
    raise error


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
