"""Breaks its interpreter for whoever comes next; the next test has another one.

Expect: all WRONG, honest t02 PASSED
"""

import builtins

import numpy as np

log = np.log


def entropy(p):
    value = float(-(p * log(p)).sum())
    np.log = builtins.sum = builtins.sorted = lambda *args: 0.0
    return value


def attack(*args):
    np.sum = np.sqrt = np.mean = lambda *args: 0.0
    return 0.0


standardise = pick = iterate = Meter = clip = ranks = attack
