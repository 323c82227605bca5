"""Closes the line to the judge and lives on.

Expect: all CRASHED
"""

import os
import time


def attack(*args):
    os.close(3)
    time.sleep(60)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
