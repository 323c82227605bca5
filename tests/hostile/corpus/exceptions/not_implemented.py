"""Raises what the stub raises.

Expect: all NOT_IMPLEMENTED
"""


def attack(*args):
    raise NotImplementedError


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
