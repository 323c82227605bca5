"""The cosine in column 2i + 1 uses the exponent (2i + 1) / d_model instead of that of its sine."""

import numpy as np


def sinusoidal_pe(length, d_model, base=10000.0, offset=0):
    if d_model < 2 or d_model % 2 != 0 or length < 0 or base <= 0:
        raise ValueError("d_model must be even and positive, length >= 0, base > 0")
    angles = np.arange(offset, offset + length)[:, None] * base ** (-np.arange(d_model) / d_model)
    pe = np.empty((length, d_model))
    pe[:, 0::2], pe[:, 1::2] = np.sin(angles[:, 0::2]), np.cos(angles[:, 1::2])
    return pe
