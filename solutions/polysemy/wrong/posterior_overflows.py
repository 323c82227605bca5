"""exp of the raw scores: it overflows beyond 709."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def sense_posterior(context, sense_vectors, prior, tau=1.0):
    frequencies = _frequencies(prior)
    if tau <= 0:
        raise ValueError("tau must be positive")
    if len(context) == 0:
        return frequencies
    with np.errstate(over="ignore", invalid="ignore"):
        weights = frequencies * np.exp(sense_vectors @ context.mean(axis=0) / tau)
        return weights / weights.sum()
