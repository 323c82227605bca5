"""The Jacobian treats T as a constant: what x does through the gate is missing."""

import numpy as np


def highway_jacobian(x, w_h, b_h, w_t, b_t):
    h = np.tanh(w_h @ x + b_h)
    t = 1 / (1 + np.exp(-(w_t @ x + b_t)))
    return np.diag(1 - t) + (t * (1 - h**2))[:, None] * w_h
