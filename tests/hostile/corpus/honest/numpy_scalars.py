"""Right answers as numpy scalars, arrays without dimensions, tuples and subclasses.

Expect: all MISSING, honest t02 PASSED, honest t03 PASSED, honest t04 PASSED, honest t05 PASSED
"""

from collections import UserString, namedtuple

import numpy as np

Top = namedtuple("Top", "a b c")


def entropy(p):
    return np.float64(-(p * np.log(p)).sum())


def pick(items, k):
    if not 0 <= k <= len(items):
        raise np.exceptions.AxisError(k, len(items))  # a ValueError, too
    return Top(*np.sort(items)[::-1][:k])


def iterate(step_fn, start, limit):
    values = [np.float64(start)]
    while values[-1] < limit:
        values.append(np.float64(step_fn(float(values[-1]))))
    return np.array(values)


class Unit(str):
    pass


class Meter:
    def __init__(self, unit):
        self.unit = Unit(UserString(unit))
        self.values = []

    @property
    def count(self):
        return np.int64(len(self.values))

    def add(self, value):
        self.values.append(value)
        return np.array(self.values).mean()[...]
