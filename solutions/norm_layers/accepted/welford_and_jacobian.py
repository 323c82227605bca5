"""Loops over single values: Welford's algorithm for the statistics, full Jacobians for the gradients."""

from __future__ import annotations

import math

import numpy as np


def welford(values):
    """Mean and biased variance in one pass, without ever squaring a large number."""
    count, mean, squares = 0, 0.0, 0.0
    for value in values:
        count += 1
        delta = value - mean
        mean += delta / count
        squares += delta * (value - mean)
    return mean, squares / count


def require(condition, message):
    if not condition:
        raise ValueError(message)


def norm_stats(x, kind):
    require(kind in ("layer", "batch"), f"unknown kind {kind!r}")
    rows = x.reshape(-1, x.shape[-1])
    groups = rows if kind == "layer" else rows.T
    shape = x.shape[:-1] if kind == "layer" else x.shape[-1:]
    pairs = [welford(group) for group in groups]
    return np.array([mean for mean, _ in pairs]).reshape(shape), np.array([var for _, var in pairs]).reshape(
        shape
    )


def standardised(values, eps):
    mean, var = welford(values)
    return [(value - mean) / math.sqrt(var + eps) for value in values]


def jacobian(values, eps):
    """d standardised(values)[i] / d values[j]."""
    m = len(values)
    hat = standardised(values, eps)
    std = math.sqrt(welford(values)[1] + eps)
    return np.array([[((i == j) - 1 / m - hat[i] * hat[j] / m) / std for j in range(m)] for i in range(m)])


def layer_norm(x, gamma, beta, eps=1e-5):
    require(gamma.shape == (x.shape[-1],) and beta.shape == (x.shape[-1],), "gamma and beta must be (D,)")
    y = np.empty_like(x)
    for index in np.ndindex(x.shape[:-1]):
        for d, value in enumerate(standardised(x[index], eps)):
            y[(*index, d)] = gamma[d] * value + beta[d]
    return y


def layer_norm_backward(dy, x, gamma, eps=1e-5):
    require(gamma.shape == (x.shape[-1],), "gamma must be (D,)")
    dx, dgamma, dbeta = np.empty_like(x), np.zeros_like(gamma), np.zeros_like(gamma)
    for index in np.ndindex(x.shape[:-1]):
        dx[index] = jacobian(x[index], eps).T @ (gamma * dy[index])
        dgamma += dy[index] * standardised(x[index], eps)
        dbeta += dy[index]
    return [dx, dgamma, dbeta]


def require_batch(x, *vectors):
    require(2 <= x.ndim <= 3, "x must be (N, D) or (N, T, D)")
    require(all(vector.shape == (x.shape[-1],) for vector in vectors), "gamma and beta must be (D,)")


def batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5, mask=None):
    require_batch(x, gamma, beta)
    require(mask is None or mask.shape == x.shape[:-1], "mask must have the shape of x without its last axis")
    real = [index for index in np.ndindex(x.shape[:-1]) if mask is None or mask[index]]
    n = len(real)
    require(n > 1, "training needs two tokens")
    y, new_mean, new_var = np.zeros_like(x), [], []
    for d in range(x.shape[-1]):
        mean, var = welford([x[index][d] for index in real])
        for index in real:
            y[(*index, d)] = gamma[d] * (x[index][d] - mean) / math.sqrt(var + eps) + beta[d]
        new_mean.append(running_mean[d] + momentum * (mean - running_mean[d]))
        new_var.append(running_var[d] + momentum * (var * n / (n - 1) - running_var[d]))
    return y, new_mean, new_var


def batch_norm_eval(x, gamma, beta, running_mean, running_var, eps=1e-5):
    require_batch(x, gamma, beta)
    y = np.empty_like(x)
    for index in np.ndindex(x.shape):
        d = index[-1]
        y[index] = gamma[d] * (x[index] - running_mean[d]) / math.sqrt(running_var[d] + eps) + beta[d]
    return y


def batch_norm_backward(dy, x, gamma, eps=1e-5):
    require_batch(x, gamma)
    columns, slopes = x.reshape(-1, x.shape[-1]).T, dy.reshape(-1, x.shape[-1]).T
    dx = [jacobian(c, eps).T @ (g * s) for c, g, s in zip(columns, gamma, slopes, strict=True)]
    dgamma = [sum(s * standardised(c, eps)) for c, s in zip(columns, slopes, strict=True)]
    return np.array(dx).T.reshape(x.shape), np.array(dgamma), np.array([sum(s) for s in slopes])
