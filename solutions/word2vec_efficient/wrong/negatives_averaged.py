"""The terms of the negatives are averaged over K instead of added up."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def sgns_loss_and_grads(center, outside, target, negatives):
    share = 1.0 / max(len(negatives), 1)
    grad_outside = np.zeros_like(outside)
    loss, grad_center, grad_row = _decide(center, outside[[target]], np.ones(1))
    grad_outside[target] = grad_row[0]
    noise_loss, noise_center, noise_rows = _decide(center, outside[negatives], -np.ones(len(negatives)))
    np.add.at(grad_outside, negatives, share * noise_rows)
    return loss + share * noise_loss, grad_center + share * noise_center, grad_outside
