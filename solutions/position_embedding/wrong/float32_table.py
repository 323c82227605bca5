"""The angles are computed in float32."""

import numpy as np


def sinusoidal_pe(length, d_model, base=10000.0, offset=0):
    if d_model < 2 or d_model % 2 != 0 or length < 0 or base <= 0:
        raise ValueError("d_model must be even and positive, length >= 0, base > 0")
    positions = np.arange(offset, offset + length, dtype=np.float32)
    frequencies = base ** (-np.arange(0, d_model, 2, dtype=np.float32) / np.float32(d_model))
    angles = positions[:, None] * frequencies.astype(np.float32)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(length, d_model)
