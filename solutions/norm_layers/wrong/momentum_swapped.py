"""momentum is taken as the weight of the old running value instead of the new batch."""

import numpy as np


def batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5, mask=None):
    real = np.ones(x.shape[:-1], dtype=bool) if mask is None else mask
    if x.ndim not in (2, 3) or real.shape != x.shape[:-1] or real.sum() < 2:
        raise ValueError("x must be (N, D) or (N, T, D), with at least 2 real tokens")
    if not gamma.shape == beta.shape == x.shape[-1:]:
        raise ValueError("gamma and beta must be (D,)")
    mean, var = x[real].mean(axis=0), x[real].var(axis=0)
    y = np.where(real[..., None], gamma * (x - mean) / np.sqrt(var + eps) + beta, 0.0)
    new_mean = momentum * running_mean + (1 - momentum) * mean
    new_var = momentum * running_var + (1 - momentum) * x[real].var(axis=0, ddof=1)
    return y, new_mean, new_var
