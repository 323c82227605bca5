"""Embeddings and codes are multiplied."""

import numpy as np


def add_positions(X, pe, scale=False):
    _, length, width = X.shape
    if length > len(pe) or pe.shape[1] != width:
        raise ValueError("pe does not fit X")
    return X * (np.sqrt(width) if scale else 1.0) * pe[:length]
