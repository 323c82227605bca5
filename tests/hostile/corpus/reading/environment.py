"""Prints its environment, its arguments, its paths.

Expect: all WRONG
"""

import os
import sys


def attack(*args):
    print(dict(os.environ), sys.argv, sys.orig_argv, sys.path, os.getcwd(), os.uname())
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
