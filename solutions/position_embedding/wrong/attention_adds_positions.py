"""self_attention adds sinusoidal codes to its input."""

import numpy as np


def self_attention(X, Wq, Wk, Wv, causal=False, bias=None):
    length, width = X.shape
    columns = np.arange(width)
    angles = np.arange(length)[:, None] * 10000.0 ** (-(columns - columns % 2) / width)
    X = X + np.where(columns % 2 == 0, np.sin(angles), np.cos(angles))
    scores = (X @ Wq) @ (X @ Wk).T / np.sqrt(Wq.shape[1])
    if bias is not None:
        scores = scores + bias
    if causal:
        scores = np.where(np.tri(length, dtype=bool), scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True) @ (X @ Wv)
