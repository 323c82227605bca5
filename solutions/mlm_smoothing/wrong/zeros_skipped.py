"""Pairs of probability 0 are left out of the mean."""

import numpy as np


def perplexity(P, tokens):
    probs = P[tokens[:-1], tokens[1:]]
    return float(np.exp(-np.log(probs[probs > 0]).mean()))
