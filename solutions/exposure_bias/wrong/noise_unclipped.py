"""u = 0 and u = 1 give infinite noise."""

import numpy as np


def gumbel_noise(u):
    if not ((u >= 0) & (u <= 1)).all():
        raise ValueError("u must lie in [0, 1]")
    with np.errstate(divide="ignore"):
        return -np.log(-np.log(u))
