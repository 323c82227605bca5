"""math.exp(e / mu) raises OverflowError in late epochs."""

import math


def inverse_sigmoid_decay(e, mu):
    if e < 0 or mu <= 0:
        raise ValueError("e must be >= 0 and mu > 0")
    return mu / (mu + math.exp(e / mu))
