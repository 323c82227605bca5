"""The bias is added to q · k before the division by sqrt(d)."""

import numpy as np


def self_attention(X, Wq, Wk, Wv, causal=False, bias=None):
    scores = (X @ Wq) @ (X @ Wk).T
    if bias is not None:
        scores = scores + bias
    scores = scores / np.sqrt(Wq.shape[1])
    if causal:
        scores = np.where(np.tri(len(X), dtype=bool), scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True) @ (X @ Wv)
