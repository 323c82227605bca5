"""Asks for a text of a terabyte.

Expect: all OUT_OF_MEMORY
"""


def attack(*args):
    return len("x" * 2**40)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
