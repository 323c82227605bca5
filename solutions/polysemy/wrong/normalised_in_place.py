"""`/=` scales the rows of the caller's array to length 1."""

import numpy as np


def self_similarity(vectors):
    n = len(vectors)
    if n < 2 or not vectors.any(axis=1).all():
        raise ValueError("at least two vectors, none of them zero")
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = vectors @ vectors.T
    return float((cosines.sum() - np.trace(cosines)) / (n * (n - 1)))
