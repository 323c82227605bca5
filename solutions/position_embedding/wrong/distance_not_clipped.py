"""Distances beyond K are not clipped; they wrap around to the other end of the table."""

import numpy as np


def relative_bias(length, table):
    if len(table) % 2 == 0:
        raise ValueError("the table has no middle")
    farthest = len(table) // 2
    distance = np.arange(length) - np.arange(length)[:, None]
    return table[(distance + farthest) % len(table)]
