"""rope turns row r by the angle of position r and ignores `positions`."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def rope(x, positions, base=10000.0):
    angles = _angles(np.arange(len(x)), x.shape[1], base)
    x0, x1 = x[:, 0::2], x[:, 1::2]
    turned = [x0 * np.cos(angles) - x1 * np.sin(angles), x0 * np.sin(angles) + x1 * np.cos(angles)]
    return np.stack(turned, axis=-1).reshape(x.shape)
