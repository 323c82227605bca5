"""Installs trace and profile functions that look for a caller with expected values.

Expect: all WRONG
"""

import sys

found = []


def spy(frame, event, argument):
    while frame is not None:
        found.extend(value for name, value in frame.f_locals.items() if "expected" in name)
        frame = frame.f_back
    return spy


def attack(*args):
    sys.settrace(spy)
    sys.setprofile(spy)
    len(found)
    sys.setprofile(None)
    return found[0] if found else 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
