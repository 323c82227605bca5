"""include_self is ignored."""

import numpy as np


def _may_use(n, window, include_self):
    return np.abs(np.subtract.outer(np.arange(n), np.arange(n))) <= window
