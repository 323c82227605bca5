"""sinusoidal_pe takes a base of 0 or below and returns inf and NaN."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def sinusoidal_pe(length, d_model, base=10000.0, offset=0):
    if d_model < 2 or length < 0:
        raise ValueError("d_model must be positive, length >= 0")
    with np.errstate(all="ignore"):
        angles = _angles(np.arange(offset, offset + length), d_model, base)
        return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(length, d_model)
