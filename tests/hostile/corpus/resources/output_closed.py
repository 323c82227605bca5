"""Closes its output and answers rightly.

Expect: all MISSING, honest t02 PASSED
"""

import os

import numpy as np


def entropy(p):
    os.close(1)
    os.close(2)
    return float(-(p * np.log(p)).sum())
