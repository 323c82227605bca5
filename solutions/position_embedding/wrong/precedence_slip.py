"""The power binds before the division: (base**(-2i)) / d_model instead of base**(-2i / d_model)."""

import numpy as np


def sinusoidal_pe(length, d_model, base=10000.0, offset=0):
    if d_model < 2 or d_model % 2 != 0 or length < 0 or base <= 0:
        raise ValueError("d_model must be even and positive, length >= 0, base > 0")
    angles = np.arange(offset, offset + length)[:, None] * base ** -np.arange(0.0, d_model, 2) / d_model
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(length, d_model)
