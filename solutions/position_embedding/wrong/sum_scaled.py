"""The scale is applied to the sum of embedding and code."""

import numpy as np


def add_positions(X, pe, scale=False):
    _, length, width = X.shape
    if length > len(pe) or pe.shape[1] != width:
        raise ValueError("pe does not fit X")
    return (X + pe[:length]) * (np.sqrt(width) if scale else 1.0)
