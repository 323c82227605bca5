"""The ids come in the order in which they first occur."""

import numpy as np


def fit_sense_centroids(vectors, senses):
    if len(vectors) == 0 or len(vectors) != len(senses):
        raise ValueError("as many senses as vectors, at least one")
    ids = np.array(list(dict.fromkeys(senses.tolist())))
    return ids, np.array([vectors[senses == sense].mean(axis=0) for sense in ids])
