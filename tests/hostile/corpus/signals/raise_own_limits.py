"""Lifts its own limits again.

Expect: all RAISED
"""

import resource


def attack(*args):
    resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
