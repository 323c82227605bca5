"""The centroid with the largest dot product instead of the largest cosine."""

import numpy as np


def predict_senses(vectors, ids, centroids):
    products = vectors @ centroids.T
    tied = products >= products.max(axis=1, keepdims=True) - 1e-12
    return np.where(tied, ids, ids.max()).min(axis=1)
