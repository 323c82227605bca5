"""A single vector gives 1 and a zero row counts with cosine 0; neither is refused."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def self_similarity(vectors):
    n = len(vectors)
    if n < 2:
        return 1.0
    unit = _unit(vectors)
    cosines = unit @ unit.T
    return float((cosines.sum() - np.trace(cosines)) / (n * (n - 1)))
