"""The gradients use exp(x) / (1 + exp(x)), which is inf / inf for a large x."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def _decide(center, rows, signs):
    dots = rows @ center
    with np.errstate(all="ignore"):
        probabilities = np.exp(dots) / (1.0 + np.exp(dots))
    slopes = probabilities - (signs > 0)
    return -float(_log_sigmoid(signs * dots).sum()), slopes @ rows, np.outer(slopes, center)
