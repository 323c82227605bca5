"""exp(e) / mu instead of exp(e / mu)."""

import numpy as np


def inverse_sigmoid_decay(e, mu):
    if e < 0 or mu <= 0:
        raise ValueError("e must be >= 0 and mu > 0")
    with np.errstate(over="ignore"):
        return float(mu / (mu + np.exp(float(e)) / mu))
