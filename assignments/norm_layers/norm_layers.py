"""LayerNorm and BatchNorm, forward and backward.

The note asks: 「LayerNormalization和BatchNormalization的区别?」 How do LayerNorm and BatchNorm differ?

Both compute the same thing, `gamma * (x - mean) / sqrt(var + eps) + beta`. They differ in what is averaged.
Features are always the last axis. LayerNorm averages over the features of one token, so every token has its
own mean and variance; BatchNorm averages over all tokens of the batch, so every feature has its own. From
this follows the rest: only BatchNorm depends on the other rows, needs to know which positions are padding,
and must remember statistics for the day when there is no batch.

All arrays are float64 unless said otherwise. No function changes its arguments.

Sources: Ioffe and Szegedy 2015, "Batch Normalization" (arXiv:1502.03167); Ba, Kiros and Hinton 2016, "Layer
Normalization" (arXiv:1607.06450).
"""

from __future__ import annotations

import numpy as np


def norm_stats(x: np.ndarray, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """The means and the biased variances that a layer normalises with.

    mean = sum(x) / m and var = sum((x - mean)^2) / m, where m values are averaged. Subtract the mean before
    squaring: E[x^2] - E[x]^2 is the same on paper, but loses every digit when the mean is large.

    Args:
        x: (..., D) with D features last.
        kind: "layer" averages over the last axis only; "batch" over all axes but the last.

    Returns:
        (mean, var), each of shape x.shape[:-1] for "layer" and (D,) for "batch".

    Raises:
        ValueError: kind is neither "layer" nor "batch".
    """
    raise NotImplementedError


def layer_norm(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    """Normalise every token over its own features, then scale and shift each feature.

    y = gamma * (x - mean) / sqrt(var + eps) + beta with mean and biased var over the last axis (Ba et al.
    2016, section 3). eps is added to the variance, inside the square root. Training and test time are alike.

    Args:
        x: (..., D); any number of leading axes, also none.
        gamma: (D,), the learned scale.
        beta: (D,), the learned shift.
        eps: keeps the root away from 0. A token whose features are all equal gives beta.

    Returns:
        y, of the shape of x.

    Raises:
        ValueError: gamma or beta is not of shape (D,); (1,) would broadcast, but is refused too.
    """
    raise NotImplementedError


def layer_norm_backward(
    dy: np.ndarray, x: np.ndarray, gamma: np.ndarray, eps: float = 1e-5
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of sum(dy * layer_norm(x, gamma, beta, eps)) with respect to x, gamma and beta.

    beta is no argument because no gradient depends on it. Each x_j acts on its token three times: directly,
    through the mean (d mean / d x_j = 1 / D) and through the variance (d var / d x_j = 2 (x_j - mean) / D).

    Args:
        dy: gradient at the output, of the shape of x.
        x: (..., D), the input of the forward pass.
        gamma: (D,).
        eps: as in the forward pass.

    Returns:
        (dx, dgamma, dbeta): dx of the shape of x; dgamma and dbeta (D,), summed over all leading axes.

    Raises:
        ValueError: gamma is not of shape (D,).
    """
    raise NotImplementedError


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
    """BatchNorm in training: normalise with the batch's own statistics and move the running ones.

    y = gamma * (x - mean) / sqrt(var + eps) + beta with mean and biased var of each feature over all n tokens
    of the batch (Ioffe and Szegedy 2015, algorithm 1). n is N for (N, D) and N * T for (N, T, D); with a mask
    it is the number of real tokens. Then

        new_running_mean = (1 - momentum) * running_mean + momentum * mean
        new_running_var  = (1 - momentum) * running_var  + momentum * var * n / (n - 1)

    The batch is normalised by its own (biased) variance; the running variance estimates that of the
    population and is therefore fed with the unbiased one.

    Args:
        x: (N, D) or (N, T, D).
        gamma: (D,), the learned scale.
        beta: (D,), the learned shift.
        running_mean: (D,), the value so far; stays unchanged.
        running_var: (D,), the value so far; stays unchanged.
        momentum: weight of the new batch.
        eps: added to the variance, inside the square root.
        mask: bool, x.shape[:-1], True at real tokens; None when all are real. Values of x at False positions
            are finite but arbitrary and must not influence anything.

    Returns:
        (y, new_running_mean, new_running_var): y of the shape of x, exactly 0 at False positions of the mask;
        the other two (D,), new arrays.

    Raises:
        ValueError: x has neither 2 nor 3 axes; gamma or beta is not of shape (D,); mask is not of shape
            x.shape[:-1]; n < 2, for there is no unbiased variance of one value.
    """
    raise NotImplementedError


def batch_norm_eval(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    eps: float = 1e-5,
) -> np.ndarray:
    """BatchNorm at test time: a fixed affine map of each feature, the same for every row and every batch.

    y = gamma * (x - running_mean) / sqrt(running_var + eps) + beta. The rest of the batch plays no part, so a
    single sample (N = 1) is fine.

    Args:
        x: (N, D) or (N, T, D).
        gamma: (D,).
        beta: (D,).
        running_mean: (D,).
        running_var: (D,).
        eps: added to the variance, inside the square root.

    Returns:
        y, of the shape of x.

    Raises:
        ValueError: x has neither 2 nor 3 axes; gamma or beta is not of shape (D,).
    """
    raise NotImplementedError


def batch_norm_backward(
    dy: np.ndarray, x: np.ndarray, gamma: np.ndarray, eps: float = 1e-5
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of sum(dy * y) with respect to x, gamma and beta; y as batch_norm_train's, without a mask.

    As for LayerNorm, mean and variance depend on x, but here on all n tokens of a feature:
    d mean / d x_i = 1 / n and d var / d x_i = 2 (x_i - mean) / n. Adding a constant to a feature of the whole
    batch changes nothing, so dx sums to 0 over the batch.

    Args:
        dy: gradient at the output, of the shape of x.
        x: (N, D) or (N, T, D), the input of the forward pass; at least 2 tokens.
        gamma: (D,).
        eps: as in the forward pass.

    Returns:
        (dx, dgamma, dbeta): dx of the shape of x; dgamma and dbeta (D,), summed over all leading axes.

    Raises:
        ValueError: x has neither 2 nor 3 axes; gamma is not of shape (D,).
    """
    raise NotImplementedError
