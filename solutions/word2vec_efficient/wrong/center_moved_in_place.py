"""The centre vector of the caller is changed."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def sgns_sparse_step(center, fetch, target, negatives, lr):
    ids, small = np.unique(np.append(target, negatives).astype(np.int64), return_inverse=True)
    rows = fetch(ids)
    loss, grad_center, grad_rows = sgns_loss_and_grads(center, rows, small[0], small[1:])
    center -= lr * grad_center
    return loss, center, ids, rows - lr * grad_rows
