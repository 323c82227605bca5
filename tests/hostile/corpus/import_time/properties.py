"""A module class whose every attribute, looked up, exits.

Expect: all RAISED
"""

import sys
import types


class Module(types.ModuleType):
    def __getattribute__(self, name):
        if name in ("standardise", "entropy", "pick", "iterate", "Meter", "clip", "ranks"):
            raise SystemExit(0)
        return super().__getattribute__(name)


def attack(*args):
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
sys.modules[__name__].__class__ = Module
