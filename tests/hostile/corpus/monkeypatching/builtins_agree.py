"""Replaces builtins by functions that always agree.

Expect: all WRONG
"""

import builtins


def attack(*args):
    builtins.abs = lambda value: 0
    builtins.all = builtins.any = lambda values: True
    builtins.isinstance = lambda value, kind: True
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
