"""The touched ids come with the target first, not in ascending order."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def sgns_sparse_step(center, fetch, target, negatives, lr):
    ids, small = np.unique(np.append(target, negatives).astype(np.int64), return_inverse=True)
    rows = fetch(ids)
    loss, grad_center, grad_rows = sgns_loss_and_grads(center, rows, small[0], small[1:])
    order = np.argsort(ids != target, kind="stable")
    return loss, center - lr * grad_center, ids[order], (rows - lr * grad_rows)[order]
