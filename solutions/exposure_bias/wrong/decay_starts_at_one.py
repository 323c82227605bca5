"""The schedule is stretched so that it starts at 1."""

import math


def inverse_sigmoid_decay(e, mu):
    if e < 0 or mu <= 0:
        raise ValueError("e must be >= 0 and mu > 0")
    weight = mu * math.exp(-e / mu)
    return weight / (weight + 1) * (mu + 1) / mu
