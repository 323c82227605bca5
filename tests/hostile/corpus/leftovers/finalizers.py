"""Finalizers and weak references that act when the worker lets go of a value.

Expect: all WRONG
"""

import os
import weakref


class Bomb(list):
    pass


def attack(*args):
    bomb = Bomb([0.0])
    weakref.finalize(bomb, os._exit, 0)
    return bomb


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
