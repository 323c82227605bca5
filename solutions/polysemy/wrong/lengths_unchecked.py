"""Vectors and senses of different numbers are cut to the shorter one, and none at all give no centroids."""

import numpy as np


def fit_sense_centroids(vectors, senses):
    n = min(len(vectors), len(senses))
    vectors, senses = vectors[:n], senses[:n]
    ids = np.unique(senses)
    return ids, np.array([vectors[senses == sense].mean(axis=0) for sense in ids])
