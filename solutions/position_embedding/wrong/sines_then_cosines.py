"""All sines stand in the first half of a code and all cosines in the second."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def sinusoidal_pe(length, d_model, base=10000.0, offset=0):
    if d_model < 2 or length < 0 or base <= 0:
        raise ValueError("d_model must be positive, length >= 0, base > 0")
    angles = _angles(np.arange(offset, offset + length), d_model, base)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)
