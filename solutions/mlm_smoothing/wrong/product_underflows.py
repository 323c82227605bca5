"""The probabilities are multiplied first; the product of a long text is 0."""

import numpy as np


def perplexity(P, tokens):
    probs = P[tokens[:-1], tokens[1:]]
    with np.errstate(divide="ignore"):
        return float(probs.prod() ** (-1 / len(probs)))
