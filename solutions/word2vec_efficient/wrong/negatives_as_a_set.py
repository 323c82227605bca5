"""A repeated negative counts once, in the loss and in the gradients."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def sgns_loss_and_grads(center, outside, target, negatives):
    words = np.append(target, np.unique(negatives)).astype(np.int64)
    signs = np.where(np.arange(len(words)) == 0, 1.0, -1.0)
    loss, grad_center, grad_rows = _decide(center, outside[words], signs)
    grad_outside = np.zeros_like(outside)
    grad_outside[words] = grad_rows
    return loss, grad_center, grad_outside
