"""1e-6 is added inside both logarithms, as some published code does; both tails are cut off."""

import numpy as np


def gumbel_noise(u):
    if not ((u >= 0) & (u <= 1)).all():
        raise ValueError("u must lie in [0, 1]")
    return -np.log(-np.log(np.minimum(u + 1e-6, 1.0)) + 1e-6)
