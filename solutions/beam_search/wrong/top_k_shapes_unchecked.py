"""Shapes are not compared: a single score, or a single row, is broadcast."""

import numpy as np


def top_k_extensions(scores, log_probs, k):
    if k < 1:
        raise ValueError("k must be at least 1")
    sums = (scores[:, None] + log_probs).ravel()
    if np.isnan(sums).any():
        raise ValueError("NaN")
    best = np.argsort(-sums)[:k]
    best = best[np.isfinite(sums[best])]
    parents, tokens = np.divmod(best, log_probs.shape[1])
    return parents, tokens, sums[best]
