"""sinusoidal_pe gives an empty table for a negative length."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def sinusoidal_pe(length, d_model, base=10000.0, offset=0):
    if d_model < 2 or base <= 0:
        raise ValueError("d_model must be positive, base > 0")
    angles = _angles(np.arange(offset, offset + length), d_model, base)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(-1, d_model)
