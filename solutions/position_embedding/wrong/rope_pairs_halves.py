"""rope pairs column i with column i + d/2 instead of with its neighbour."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def rope(x, positions, base=10000.0):
    angles = _angles(positions, x.shape[1], base)
    x0, x1 = np.split(x, 2, axis=1)
    turned = [x0 * np.cos(angles) - x1 * np.sin(angles), x0 * np.sin(angles) + x1 * np.cos(angles)]
    return np.concatenate(turned, axis=1)
