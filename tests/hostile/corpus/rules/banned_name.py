"""Uses the banned name: the tests that it would defeat are lost, and no other.

Expect: all MISSING, honest t02 PASSED, t07 BANNED
"""

import numpy as np
from numpy import argsort as order


def entropy(p):
    return float(-(p * np.log(p)).sum())


def ranks(x):
    return order(order(x))
