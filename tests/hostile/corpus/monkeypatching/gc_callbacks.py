"""Lets the garbage collector run code of its own, collecting all the time.

Expect: all WRONG
"""

import gc

import numpy as np


def callback(phase, info):
    for thing in gc.get_referrers(np.ndarray)[:5]:
        if isinstance(thing, dict):
            thing.setdefault("score", 10)


def attack(*args):
    gc.callbacks.append(callback)
    gc.set_threshold(1)
    gc.collect()
    return [0.0]


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
