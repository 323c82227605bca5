"""Vectors are scaled to length 1 before they are averaged."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def fit_sense_centroids(vectors, senses):
    if len(vectors) == 0 or len(vectors) != len(senses):
        raise ValueError("as many senses as vectors, at least one")
    ids = np.unique(senses)
    return ids, np.array([_unit(vectors)[senses == sense].mean(axis=0) for sense in ids])
