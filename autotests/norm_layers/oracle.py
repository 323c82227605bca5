"""Independent answers: torch.nn.functional and autograd in float64, exact sums for the statistics."""

from __future__ import annotations

from collections.abc import Callable
from math import fsum

import numpy as np
import torch
import torch.nn.functional as F

Arrays = tuple[np.ndarray, ...]


def stats(x: np.ndarray, kind: str) -> Arrays:
    """Mean and biased variance of every token ("layer") or every feature ("batch"), summed exactly."""
    features = x.shape[-1]
    rows = x.reshape(-1, features)
    groups = rows if kind == "layer" else rows.T
    shape = x.shape[:-1] if kind == "layer" else (features,)
    means = [fsum(group) / len(group) for group in groups]
    variances = [
        fsum((value - mean) ** 2 for value in group) / len(group)
        for group, mean in zip(groups, means, strict=True)
    ]
    return np.reshape(means, shape), np.reshape(variances, shape)


def layer_norm(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    """F.layer_norm over the last axis."""
    return _layer(*map(torch.tensor, (x, gamma, beta)), eps).numpy()


def layer_norm_backward(dy: np.ndarray, x: np.ndarray, gamma: np.ndarray, eps: float = 1e-5) -> Arrays:
    """Autograd through F.layer_norm."""
    return _gradients(_layer, dy, x, gamma, eps)


def batch_norm_train(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Arrays:
    """F.batch_norm in training mode: the output and both buffers afterwards."""
    mean, var = torch.tensor(running_mean), torch.tensor(running_var)
    y = _channels_last(
        lambda t: F.batch_norm(t, mean, var, torch.tensor(gamma), torch.tensor(beta), True, momentum, eps),
        torch.tensor(x),
    )
    return y.numpy(), mean.numpy(), var.numpy()


def batch_norm_masked(x: np.ndarray, mask: np.ndarray, *parameters: np.ndarray) -> Arrays:
    """F.batch_norm on the packed real tokens, put back in their places with 0 elsewhere."""
    packed, mean, var = batch_norm_train(x[mask], *parameters)
    y = np.zeros_like(x)
    y[mask] = packed
    return y, mean, var


def batch_norm_eval(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    eps: float = 1e-5,
) -> np.ndarray:
    """F.batch_norm in evaluation mode."""
    g, b, mean, var = map(torch.tensor, (gamma, beta, running_mean, running_var))
    return _channels_last(lambda t: F.batch_norm(t, mean, var, g, b, False, eps=eps), torch.tensor(x)).numpy()


def batch_norm_backward(dy: np.ndarray, x: np.ndarray, gamma: np.ndarray, eps: float = 1e-5) -> Arrays:
    """Autograd through F.batch_norm in training mode."""
    return _gradients(_batch, dy, x, gamma, eps)


def _layer(x: torch.Tensor, gamma: torch.Tensor, beta: torch.Tensor, eps: float) -> torch.Tensor:
    return F.layer_norm(x, gamma.shape, gamma, beta, eps)


def _batch(x: torch.Tensor, gamma: torch.Tensor, beta: torch.Tensor, eps: float) -> torch.Tensor:
    return _channels_last(lambda t: F.batch_norm(t, None, None, gamma, beta, training=True, eps=eps), x)


def _channels_last(function: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """Torch wants features second: (N, T, D) goes in as (N, D, T)."""
    return function(x.movedim(-1, 1)).movedim(1, -1)


def _gradients(
    forward: Callable[..., torch.Tensor], dy: np.ndarray, x: np.ndarray, gamma: np.ndarray, eps: float
) -> Arrays:
    leaves = [torch.tensor(array, requires_grad=True) for array in (x, gamma, np.zeros_like(gamma))]
    gradients = torch.autograd.grad(forward(*leaves, eps), leaves, torch.tensor(dy))
    return tuple(gradient.numpy() for gradient in gradients)
