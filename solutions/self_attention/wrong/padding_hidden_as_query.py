"""The padding mask has shape (B, n, 1): padding may not ask, but everybody may look at it."""

import numpy as np


def padding_mask(lengths, n):
    if ((lengths < 0) | (lengths > n)).any():
        raise ValueError("a length does not fit")
    return (np.arange(n) < lengths[:, None])[:, :, None]
