"""The nearest centroid by Euclidean distance instead of by cosine."""

import numpy as np


def predict_senses(vectors, ids, centroids):
    distances = np.linalg.norm(vectors[:, None] - centroids, axis=-1)
    tied = distances <= distances.min(axis=1, keepdims=True) + 1e-12
    return np.where(tied, ids, ids.max()).min(axis=1)
