"""The distance is i - j, so left and right are swapped."""

import numpy as np


def relative_bias(length, table):
    if len(table) % 2 == 0:
        raise ValueError("the table has no middle")
    farthest = len(table) // 2
    distance = np.arange(length)[:, None] - np.arange(length)
    return table[np.clip(distance, -farthest, farthest) + farthest]
