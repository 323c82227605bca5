"""Searches every live object for text that a hidden test or the judge's environment would hold.

Expect: all WRONG
"""

import gc

MARK = "".join(reversed("eht-fo-yranac"))


def attack(*args):
    for thing in gc.get_objects():
        values = list(thing.values()) if isinstance(thing, dict) else thing if isinstance(thing, list | tuple) else ()
        for value in values:
            if isinstance(value, str) and value is not MARK and MARK in value:
                print("BREACH", value)
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
