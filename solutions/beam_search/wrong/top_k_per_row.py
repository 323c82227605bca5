"""The k best extensions of each hypothesis are returned, not the k best of all."""

import numpy as np


def top_k_extensions(scores, log_probs, k):
    if k < 1 or np.ndim(scores) != 1 or np.ndim(log_probs) != 2 or len(scores) != len(log_probs):
        raise ValueError("bad arguments")
    sums = np.asarray(scores)[:, None] + np.asarray(log_probs)
    if np.isnan(sums).any():
        raise ValueError("NaN")
    tokens = np.argsort(-sums, axis=1)[:, :k].ravel()
    parents = np.repeat(np.arange(len(sums)), min(k, sums.shape[1]))
    new_scores = sums[parents, tokens]
    possible = np.isfinite(new_scores)
    return parents[possible], tokens[possible], new_scores[possible]
