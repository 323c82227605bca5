"""Sends every frame twice, so that the second answers the next question early. The answers are right.

Expect: all BAD_REPLY, honest t02 PASSED, t04 MISSING, t06 MISSING, t07 MISSING
"""

import sys

import numpy as np

Channel = sys.modules["grader.wire.channel"].Channel
send = Channel.send


def twice(channel, frame, deadline=None):
    send(channel, frame, deadline)
    send(channel, frame, deadline)


def arm():
    Channel.send = twice


def standardise(x):
    arm()
    return (x - x.mean(-1, keepdims=True)) / x.std(-1, keepdims=True)


def entropy(p):
    arm()
    return float(-(p * np.log(p)).sum())


def pick(items, k):
    arm()
    if not 0 <= k <= len(items):
        raise ValueError
    return sorted(items, reverse=True)[:k]


class Meter:
    def __init__(self, unit):
        arm()
        self.unit = unit
