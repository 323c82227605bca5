"""Ends the interpreter politely, with the exit code that says "all tests passed".

Expect: all RAISED
"""

import sys


def attack(*args):
    sys.exit(0)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
