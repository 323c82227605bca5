"""Raises GeneratorExit.

Expect: all RAISED
"""


def attack(*args):
    raise GeneratorExit


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
