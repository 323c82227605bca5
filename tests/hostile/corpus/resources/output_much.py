"""Prints a megabyte and answers rightly: noise costs nothing.

Expect: all MISSING, honest t02 PASSED
"""

import numpy as np


def entropy(p):
    print("spam " * 200_000)
    return float(-(p * np.log(p)).sum())
