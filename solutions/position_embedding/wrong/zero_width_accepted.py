"""sinusoidal_pe checks that d_model is even, but not that it is positive."""

import numpy as np


def sinusoidal_pe(length, d_model, base=10000.0, offset=0):
    if d_model % 2 != 0 or length < 0 or base <= 0:
        raise ValueError("d_model must be even, length >= 0, base > 0")
    pe = np.zeros((length, max(d_model, 0)))
    for i in range(d_model // 2):
        angles = np.arange(offset, offset + length) * base ** (-2 * i / d_model)
        pe[:, 2 * i], pe[:, 2 * i + 1] = np.sin(angles), np.cos(angles)
    return pe
