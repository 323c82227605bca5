"""Makes its arguments fit the answer.

Expect: all WRONG, t04 MISSING, t05 MISSING
"""


def attack(argument, *args):
    argument[:] = [0.0] * len(argument) if isinstance(argument, list) else 0.0
    return argument


def entropy(p):
    p[...] = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    return 0.0


standardise = pick = clip = ranks = attack
