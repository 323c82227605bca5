"""relative_bias takes a table with an even number of entries, which has no middle."""

import numpy as np


def relative_bias(length, table):
    farthest = len(table) // 2
    distance = np.arange(length) - np.arange(length)[:, None]
    return np.take(table, np.clip(distance, -farthest, farthest) + farthest, mode="clip")
