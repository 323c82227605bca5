"""All rows up to the largest id are fetched, not only the touched ones."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def sgns_sparse_step(center, fetch, target, negatives, lr):
    ids = np.unique(np.append(target, negatives).astype(np.int64))
    outside = fetch(np.arange(ids[-1] + 1))
    loss, grad_center, grad_outside = sgns_loss_and_grads(center, outside, target, negatives)
    return loss, center - lr * grad_center, ids, outside[ids] - lr * grad_outside[ids]
