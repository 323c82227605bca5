"""Mask and scores are broadcast against each other, so a mask can make the result larger than the scores."""

import numpy as np


def _at_full_size(mask, shape):
    if mask.dtype != bool:
        raise ValueError("mask must be bool")
    return np.broadcast_to(mask, np.broadcast_shapes(mask.shape, shape))
