"""A negative window and tau <= 0 go through."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def contextualize(X, window, tau=1.0, include_self=True):
    n, d = X.shape
    allowed = _may_use(n, window, include_self)
    if not allowed.any():
        return X.copy(), np.zeros((n, n))
    with np.errstate(all="ignore"):
        A = _softmax(np.where(allowed, X @ X.T / (np.float64(tau) * np.sqrt(d)), -np.inf))
    return A @ X, A
