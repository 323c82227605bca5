"""Answers once, then ends: what is left of the test must not count as passed.

Expect: all CRASHED, t02 WRONG, t06 WRONG, t07 WRONG, t01 WRONG, t03 WRONG, t04 WRONG
"""

import os
import threading
import time


def leave():
    time.sleep(0.05)
    os._exit(0)


def attack(*args):
    threading.Thread(target=leave).start()
    return 0.0


standardise = entropy = pick = iterate = clip = ranks = attack


class Meter:
    unit = "nats"

    def __init__(self, unit):
        pass

    def add(self, value):
        os._exit(0)
