"""The logarithm has base 2, the power base e."""

import numpy as np


def perplexity(P, tokens):
    with np.errstate(divide="ignore"):
        return float(np.exp(-np.log2(P[tokens[:-1], tokens[1:]]).mean()))
