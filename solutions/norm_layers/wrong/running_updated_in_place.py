"""The running statistics are updated in the caller's arrays."""

import numpy as np


def batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5, mask=None):
    real = np.ones(x.shape[:-1], dtype=bool) if mask is None else mask
    if x.ndim not in (2, 3) or real.shape != x.shape[:-1] or real.sum() < 2:
        raise ValueError("x must be (N, D) or (N, T, D), with at least 2 real tokens")
    if not gamma.shape == beta.shape == x.shape[-1:]:
        raise ValueError("gamma and beta must be (D,)")
    mean, var = x[real].mean(axis=0), x[real].var(axis=0)
    y = np.where(real[..., None], gamma * (x - mean) / np.sqrt(var + eps) + beta, 0.0)
    running_mean += momentum * (mean - running_mean)
    running_var += momentum * (x[real].var(axis=0, ddof=1) - running_var)
    return y, running_mean, running_var
