"""The softmax runs over all positions; forbidden weights are set to 0 afterwards, so rows fall short of 1."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def contextualize(X, window, tau=1.0, include_self=True):
    if window < 0 or tau <= 0:
        raise ValueError("window >= 0 and tau > 0, please")
    n, d = X.shape
    allowed = _may_use(n, window, include_self)
    if not allowed.any():
        return X.copy(), np.zeros((n, n))
    A = np.where(allowed, _softmax(X @ X.T / (tau * np.sqrt(d))), 0.0)
    return A @ X, A
