"""Vectorised closed forms; BatchNorm packs the tokens and runs the LayerNorm code on the transpose."""

from __future__ import annotations

import numpy as np


def norm_stats(x, kind):
    if kind == "layer":
        mean = np.einsum("...d->...", x) / x.shape[-1]
        return mean, np.square(x - mean[..., None]).mean(-1)
    if kind == "batch":
        return norm_stats(x.reshape(-1, x.shape[-1]).T, "layer")
    raise ValueError(kind)


def standardise(x, eps):
    mean, var = norm_stats(x, "layer")
    inverse = 1 / np.sqrt(var + eps)[..., None]
    return (x - mean[..., None]) * inverse, inverse


def standardise_backward(g, x, eps):
    x_hat, inverse = standardise(x, eps)
    m = x.shape[-1]
    return inverse / m * (
        m * g - g.sum(-1, keepdims=True) - x_hat * (g * x_hat).sum(-1, keepdims=True)
    ), x_hat


def check(x, *vectors, batch=False):
    if batch and x.ndim not in {2, 3}:
        raise ValueError("2 or 3 axes, please")
    for vector in vectors:
        if np.shape(vector) != (x.shape[-1],):
            raise ValueError("gamma and beta have one entry per feature")


def layer_norm(x, gamma, beta, eps=1e-5):
    check(x, gamma, beta)
    return standardise(x, eps)[0] * gamma + beta


def layer_norm_backward(dy, x, gamma, eps=1e-5):
    check(x, gamma)
    dx, x_hat = standardise_backward(dy * gamma, x, eps)
    rows = dy.reshape(-1, gamma.size)
    return dx, np.einsum("nd,nd->d", rows, x_hat.reshape(rows.shape)), np.ones(len(rows)) @ rows


def batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5, mask=None):
    check(x, gamma, beta, batch=True)
    mask = np.full(x.shape[:-1], True) if mask is None else mask
    if mask.shape != x.shape[:-1]:
        raise ValueError("one mask entry per token")
    packed = x[mask]
    if len(packed) < 2:
        raise ValueError("a batch of one has no variance")
    y = np.zeros(x.shape)
    y[mask] = standardise(packed.T, eps)[0].T * gamma + beta
    keep = 1 - momentum
    new_mean = keep * running_mean + momentum * packed.mean(0)
    return y, new_mean, keep * running_var + momentum * packed.var(0, ddof=1)


def batch_norm_eval(x, gamma, beta, running_mean, running_var, eps=1e-5):
    check(x, gamma, beta, batch=True)
    slope = gamma / np.sqrt(running_var + eps)
    return x * slope + (beta - running_mean * slope)


def batch_norm_backward(dy, x, gamma, eps=1e-5):
    check(x, gamma, batch=True)
    rows, slopes = x.reshape(-1, gamma.size), dy.reshape(-1, gamma.size)
    dx, x_hat = standardise_backward((slopes * gamma).T, rows.T, eps)
    return dx.T.reshape(x.shape), (slopes * x_hat.T).sum(0), slopes.sum(0)
