"""rope rotates by -a: the signs of the sines are the wrong way round."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def rope(x, positions, base=10000.0):
    angles = _angles(positions, x.shape[1], base)
    x0, x1 = x[:, 0::2], x[:, 1::2]
    turned = [x0 * np.cos(angles) + x1 * np.sin(angles), x1 * np.cos(angles) - x0 * np.sin(angles)]
    return np.stack(turned, axis=-1).reshape(x.shape)
