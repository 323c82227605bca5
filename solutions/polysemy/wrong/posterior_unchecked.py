"""tau <= 0 and a negative prior go through."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def sense_posterior(context, sense_vectors, prior, tau=1.0):
    frequencies = prior / prior.sum()
    if len(context) == 0:
        return frequencies
    with np.errstate(all="ignore"):
        return _softmax(np.log(frequencies) + sense_vectors @ context.mean(axis=0) / tau)
