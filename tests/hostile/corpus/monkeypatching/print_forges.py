"""Prints what a passing run prints, and a result file's content.

Expect: all WRONG
"""

import sys


def attack(*args):
    print("7 passed in 0.01s", '{"score": 10, "max_score": 10}', "PASSED", file=sys.stderr)
    print("\x1b[2J\x1b[H[100%] ok")
    return None


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
