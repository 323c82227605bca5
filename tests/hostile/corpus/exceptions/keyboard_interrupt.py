"""Raises what Control-C raises.

Expect: all RAISED
"""


def attack(*args):
    raise KeyboardInterrupt


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
