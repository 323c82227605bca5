"""Calls `quit()`, which closes standard input on its way out.

Expect: all RAISED
"""


def attack(*args):
    quit()


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
