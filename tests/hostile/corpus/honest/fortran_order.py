"""Right answers in odd clothes: column-major, strided backwards, read-only, of the other byte order, as lists.

Expect: all MISSING, honest t01 PASSED, honest t06 PASSED, honest t07 PASSED
"""

import numpy as np


def standardise(x):
    y = np.asfortranarray((x - x.mean(-1, keepdims=True)) / x.std(-1, keepdims=True))
    y.flags.writeable = False
    return y


def clip(x, bound):
    return np.clip(x, -bound, bound)[::-1].copy()[::-1].astype(">f8")


def ranks(x):
    return [int((x < one).sum()) for one in x]
