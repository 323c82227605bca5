"""LayerNorm divides by sqrt(var) + eps instead of sqrt(var + eps)."""

import numpy as np


def layer_norm(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    if not gamma.shape == beta.shape == x.shape[-1:]:
        raise ValueError("gamma and beta must be (D,)")
    centred = x - x.mean(axis=-1, keepdims=True)
    return gamma * centred / (x.std(axis=-1, keepdims=True) + eps) + beta
