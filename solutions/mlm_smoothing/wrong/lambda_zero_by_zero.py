"""effective_lambda is NaN where its denominator is 0."""

import numpy as np


def effective_lambda(counts, gamma, q):
    kept = (1 - gamma) * counts.sum(axis=1)
    with np.errstate(invalid="ignore"):
        return kept / (kept + gamma * q * counts.sum())
