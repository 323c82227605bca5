"""rope accepts an odd width and leaves the last column as it is."""

import numpy as np


def rope(x, positions, base=10000.0):
    result = x.copy()
    for first in range(0, x.shape[1] - 1, 2):
        angle = positions * base ** (-first / x.shape[1])
        x0, x1 = x[:, first], x[:, first + 1]
        result[:, first] = x0 * np.cos(angle) - x1 * np.sin(angle)
        result[:, first + 1] = x0 * np.sin(angle) + x1 * np.cos(angle)
    return result
