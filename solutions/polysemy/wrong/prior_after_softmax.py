"""The prior multiplies the softmax of the scores, and the product is not normalised again."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def sense_posterior(context, sense_vectors, prior, tau=1.0):
    frequencies = _frequencies(prior)
    if tau <= 0:
        raise ValueError("tau must be positive")
    if len(context) == 0:
        return frequencies
    scores = sense_vectors @ context.mean(axis=0) / tau
    return frequencies * _softmax(np.where(frequencies > 0, scores, -np.inf))
