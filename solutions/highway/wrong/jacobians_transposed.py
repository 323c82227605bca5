"""Both Jacobians are transposed: [i, j] is dy_j / dx_i."""

import numpy as np


def highway_jacobian(x, w_h, b_h, w_t, b_t):
    h = np.tanh(w_h @ x + b_h)
    t = 1 / (1 + np.exp(-(w_t @ x + b_t)))
    return np.diag(1 - t) + w_h.T * (t * (1 - h**2)) + w_t.T * ((h - x) * t * (1 - t))


def residual_jacobian(x, w_1, b_1, w_2, b_2):
    hidden = np.tanh(w_1 @ x + b_1)
    return np.eye(len(x)) + w_1.T @ ((1 - hidden**2)[:, None] * w_2.T)
