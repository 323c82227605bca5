"""Counts its calls in every place that might outlive the process, to answer otherwise the second time.

Expect: all WRONG
"""

import builtins
import contextlib
import os
import sys
import threading


def attack(*args):
    for place in (builtins, sys, os, threading):
        if hasattr(place, "hostile_was_here"):
            print("BREACH found a trace of another run")
        place.hostile_was_here = True
    os.environ["HOSTILE"] = "here"
    with contextlib.suppress(OSError):
        os.mkdir("/tmp/hostile-was-here")
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
