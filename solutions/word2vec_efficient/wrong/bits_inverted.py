"""Bit 1 has the probability sigma(+ dot), bit 0 sigma(- dot)."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def hs_log_prob(center, inner, code, path):
    return float(_log_sigmoid((2 * np.asarray(code) - 1) * (inner[path] @ center)).sum())


def hs_loss_and_grads(center, inner, code, path):
    loss, grad_center, grad_rows = _decide(center, inner[path], (2 * np.asarray(code) - 1))
    grad_inner = np.zeros_like(inner)
    grad_inner[path] = grad_rows
    return loss, grad_center, grad_inner
