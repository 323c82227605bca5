"""Extensions of score -inf fill the k places when there are too few possible ones."""

import numpy as np


def top_k_extensions(scores, log_probs, k):
    if k < 1 or np.ndim(scores) != 1 or np.ndim(log_probs) != 2 or len(scores) != len(log_probs):
        raise ValueError("bad arguments")
    sums = np.asarray(scores)[:, None] + np.asarray(log_probs)
    if np.isnan(sums).any():
        raise ValueError("NaN")
    best = np.argsort(-sums, axis=None)[:k]
    return best // sums.shape[1], best % sums.shape[1], sums.ravel()[best]
