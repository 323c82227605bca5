"""rope pairs i with i + d/2, with angles laid out for neighbours: the two of a pair turn differently."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def rope(x, positions, base=10000.0):
    angles = np.repeat(_angles(positions, x.shape[1], base), 2, axis=1)
    x0, x1 = np.split(x, 2, axis=1)
    swapped = np.concatenate([-x1, x0], axis=1)
    return x * np.cos(angles) + swapped * np.sin(angles)
