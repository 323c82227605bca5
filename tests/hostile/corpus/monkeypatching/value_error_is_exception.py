"""Replaces ValueError, so that whatever it raises looks like one.

Expect: all RAISED
"""

import builtins

builtins.ValueError = builtins.Exception


def attack(*args):
    raise ValueError("everything is a value error")


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
