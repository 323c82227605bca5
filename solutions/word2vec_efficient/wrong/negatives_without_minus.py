"""The minus inside the sigma of the negatives is missing: they are pulled closer, not pushed away."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def sgns_loss_and_grads(center, outside, target, negatives):
    words = np.append(target, negatives).astype(np.int64)
    loss, grad_center, grad_rows = _decide(center, outside[words], np.ones(len(words)))
    grad_outside = np.zeros_like(outside)
    np.add.at(grad_outside, words, grad_rows)
    return loss, grad_center, grad_outside
