"""LayerNorm's dgamma is summed over the features of each token instead of over the tokens."""

import numpy as np


def layer_norm_backward(dy, x, gamma, eps=1e-5):
    if gamma.shape != x.shape[-1:]:
        raise ValueError("gamma must be (D,)")
    std = np.sqrt(x.var(axis=-1, keepdims=True) + eps)
    x_hat = (x - x.mean(axis=-1, keepdims=True)) / std
    g = gamma * dy
    dx = (g - g.mean(axis=-1, keepdims=True) - x_hat * (g * x_hat).mean(axis=-1, keepdims=True)) / std
    return dx, (dy * x_hat).sum(axis=-1), dy.sum(axis=tuple(range(x.ndim - 1)))
