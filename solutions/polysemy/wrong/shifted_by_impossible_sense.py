"""The scores are shifted by their maximum over all senses, also those with prior 0."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def sense_posterior(context, sense_vectors, prior, tau=1.0):
    frequencies = _frequencies(prior)
    if tau <= 0:
        raise ValueError("tau must be positive")
    if len(context) == 0:
        return frequencies
    scores = sense_vectors @ context.mean(axis=0) / tau
    weights = frequencies * np.exp(scores - scores.max())
    with np.errstate(invalid="ignore"):
        return weights / weights.sum()
