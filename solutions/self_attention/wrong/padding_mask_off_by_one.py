"""The padding mask is j <= length: the first padding position counts as real."""

import numpy as np


def padding_mask(lengths, n):
    if ((lengths < 0) | (lengths > n)).any():
        raise ValueError("a length does not fit")
    return np.arange(n) <= lengths[:, None, None]
