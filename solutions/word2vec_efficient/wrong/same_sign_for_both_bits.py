"""Both bits have the probability sigma(+ dot), so the probabilities do not sum to 1."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def hs_log_prob(center, inner, code, path):
    return float(_log_sigmoid(np.ones(len(code)) * (inner[path] @ center)).sum())


def hs_loss_and_grads(center, inner, code, path):
    loss, grad_center, grad_rows = _decide(center, inner[path], np.ones(len(code)))
    grad_inner = np.zeros_like(inner)
    grad_inner[path] = grad_rows
    return loss, grad_center, grad_inner
