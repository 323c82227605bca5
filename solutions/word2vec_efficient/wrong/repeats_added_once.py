"""grad_outside[words] += ... adds the rows of a repeated negative only once."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def sgns_loss_and_grads(center, outside, target, negatives):
    words = np.append(target, negatives).astype(np.int64)
    signs = np.append(1.0, -np.ones(len(negatives)))
    loss, grad_center, grad_rows = _decide(center, outside[words], signs)
    grad_outside = np.zeros_like(outside)
    grad_outside[words] += grad_rows
    return loss, grad_center, grad_outside
