"""A negative epoch is accepted."""

import math


def inverse_sigmoid_decay(e, mu):
    if mu <= 0:
        raise ValueError("mu must be > 0")
    weight = mu * math.exp(-e / mu)
    return weight / (weight + 1)
