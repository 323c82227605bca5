"""A small number is added to the prior before the logarithm, so no sense is impossible."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def sense_posterior(context, sense_vectors, prior, tau=1.0):
    frequencies = _frequencies(prior)
    if tau <= 0:
        raise ValueError("tau must be positive")
    if len(context) == 0:
        return frequencies
    scores = sense_vectors @ context.mean(axis=0) / tau
    return _softmax(np.log(frequencies + 1e-12) + scores)
