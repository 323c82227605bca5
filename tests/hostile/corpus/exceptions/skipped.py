"""Raises what pytest raises to skip, fail, exit and expect a failure.

Expect: all RAISED
"""


class Skipped(BaseException):
    pass


Skipped.__module__ = "_pytest.outcomes"
Skipped.__qualname__ = "Skipped"


def attack(*args):
    raise Skipped("not today")


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
