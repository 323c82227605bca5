"""A mask of 0 and 1 is accepted."""

import numpy as np


def _at_full_size(mask, shape):
    return np.broadcast_to(mask.astype(bool), shape)
