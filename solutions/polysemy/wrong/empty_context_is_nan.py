"""The mean of no rows is 0 / 0."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def sense_posterior(context, sense_vectors, prior, tau=1.0):
    frequencies = _frequencies(prior)
    if tau <= 0:
        raise ValueError("tau must be positive")
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = sense_vectors @ (context.sum(axis=0) / np.float64(len(context))) / tau
        return _softmax(np.log(frequencies) + scores)
