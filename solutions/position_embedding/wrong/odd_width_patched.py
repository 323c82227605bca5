"""sinusoidal_pe accepts an odd width and leaves the cosine of the last pair out."""

import numpy as np


def sinusoidal_pe(length, d_model, base=10000.0, offset=0):
    if d_model < 1 or length < 0 or base <= 0:
        raise ValueError("d_model must be positive, length >= 0, base > 0")
    frequencies = base ** (-np.arange(0, d_model, 2) / d_model)
    angles = np.arange(offset, offset + length)[:, None] * frequencies
    pe = np.empty((length, d_model))
    pe[:, 0::2], pe[:, 1::2] = np.sin(angles), np.cos(angles[:, : d_model // 2])
    return pe
