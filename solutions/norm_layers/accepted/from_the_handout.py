"""LayerNorm and BatchNorm on a table of rows (tokens) by columns (features), along one axis."""

from __future__ import annotations

import numpy as np


def _table(x):
    """x with all leading axes flattened into one: (rows, D)."""
    return x.reshape(-1, x.shape[-1])


def _check_features(x, **vectors):
    """Refuse a gamma or beta that is not exactly (D,)."""
    for name, vector in vectors.items():
        if np.shape(vector) != x.shape[-1:]:
            raise ValueError(f"{name} has shape {np.shape(vector)} instead of {x.shape[-1:]}")


def _check_batch(x):
    if x.ndim not in (2, 3):
        raise ValueError(f"x must be (N, D) or (N, T, D), not {x.shape}")


def _moments(table, axis):
    """Mean and biased variance along an axis of a table (kept with size 1), and the centred table."""
    rough = table.mean(axis=axis, keepdims=True)
    mean = rough + (table - rough).mean(
        axis=axis, keepdims=True
    )  # second pass: takes off the rounding of the first
    centred = table - mean
    return mean, np.mean(centred * centred, axis=axis, keepdims=True), centred


def _backward(dy, x, gamma, eps, axis):
    """Both backward passes; axis is the one that the statistics of the table average over."""
    upstream = _table(np.asarray(dy, dtype=np.float64))
    _, var, centred = _moments(_table(x), axis)
    scale = 1.0 / np.sqrt(var + eps)
    normed = centred * scale
    pull = upstream * gamma
    through_mean = pull.mean(axis=axis, keepdims=True)
    through_var = normed * np.mean(pull * normed, axis=axis, keepdims=True)
    dx = scale * (pull - through_mean - through_var)
    return dx.reshape(x.shape), np.sum(upstream * normed, axis=0), np.sum(upstream, axis=0)


def norm_stats(x: np.ndarray, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Mean and biased variance over the last axis ("layer") or over all the others ("batch")."""
    if kind not in ("layer", "batch"):
        raise ValueError(f"unknown kind {kind!r}")
    x = np.asarray(x, dtype=np.float64)
    axis, shape = (1, x.shape[:-1]) if kind == "layer" else (0, x.shape[-1:])
    mean, var, _ = _moments(_table(x), axis)
    return mean.reshape(shape), var.reshape(shape)


def layer_norm(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    """Normalise each token over its features, then scale and shift each feature."""
    x = np.asarray(x, dtype=np.float64)
    _check_features(x, gamma=gamma, beta=beta)
    _, var, centred = _moments(_table(x), 1)
    return (centred / np.sqrt(var + eps) * gamma + beta).reshape(x.shape)


def layer_norm_backward(
    dy: np.ndarray, x: np.ndarray, gamma: np.ndarray, eps: float = 1e-5
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of sum(dy * layer_norm(x)) for x, gamma and beta."""
    x = np.asarray(x, dtype=np.float64)
    _check_features(x, gamma=gamma)
    return _backward(dy, x, gamma, eps, axis=1)


def batch_norm_train(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    momentum: float = 0.1,
    eps: float = 1e-5,
    mask: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Normalise the real tokens by their own statistics; return y and the moved running statistics."""
    x = np.asarray(x, dtype=np.float64)
    _check_batch(x)
    _check_features(x, gamma=gamma, beta=beta)
    real = np.ones(x.shape[:-1], dtype=bool) if mask is None else np.asarray(mask, dtype=bool)
    if real.shape != x.shape[:-1]:
        raise ValueError(f"mask has shape {real.shape} instead of {x.shape[:-1]}")
    tokens = x[real]  # (n, D): from here on the padding does not exist
    n = len(tokens)
    if n < 2:
        raise ValueError("training needs at least two real tokens")

    mean, var, centred = _moments(tokens, 0)
    y = np.zeros_like(x)
    y[real] = centred / np.sqrt(var + eps) * gamma + beta
    keep = 1.0 - momentum
    new_mean = keep * np.asarray(running_mean) + momentum * mean[0]
    new_var = keep * np.asarray(running_var) + momentum * var[0] * (n / (n - 1))
    return y, new_mean, new_var


def batch_norm_eval(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    eps: float = 1e-5,
) -> np.ndarray:
    """The fixed affine map of each feature that the running statistics define."""
    x = np.asarray(x, dtype=np.float64)
    _check_batch(x)
    _check_features(x, gamma=gamma, beta=beta)
    return (x - running_mean) / np.sqrt(np.asarray(running_var) + eps) * gamma + beta


def batch_norm_backward(
    dy: np.ndarray, x: np.ndarray, gamma: np.ndarray, eps: float = 1e-5
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of sum(dy * y) for x, gamma and beta, where y is that of batch_norm_train without a mask."""
    x = np.asarray(x, dtype=np.float64)
    _check_batch(x)
    _check_features(x, gamma=gamma)
    return _backward(dy, x, gamma, eps, axis=0)
