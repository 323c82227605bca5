"""The window ends one position too early: |i - j| < window."""

import numpy as np


def _may_use(n, window, include_self):
    distance = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    return ((distance < window) | (distance == 0)) & (include_self | (distance > 0))
