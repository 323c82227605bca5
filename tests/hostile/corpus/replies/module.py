"""Modules, files, frames, locks: things that no wire should carry.

Expect: all WRONG
"""

import sys
import threading


def attack(*args):
    return {"module": sys, "file": open("/dev/null"), "frame": sys._getframe(), "lock": threading.Lock()}


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
