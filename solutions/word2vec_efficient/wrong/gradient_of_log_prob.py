"""The gradients are those of the log-probability, not of the loss."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def hs_loss_and_grads(center, inner, code, path):
    loss, grad_center, grad_rows = _decide(center, inner[path], 1 - 2 * np.asarray(code))
    grad_inner = np.zeros_like(inner)
    grad_inner[path] = -grad_rows
    return loss, -grad_center, grad_inner
