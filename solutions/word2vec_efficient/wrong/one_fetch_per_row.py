"""fetch is called once for each row."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def sgns_sparse_step(center, fetch, target, negatives, lr):
    ids, small = np.unique(np.append(target, negatives).astype(np.int64), return_inverse=True)
    rows = np.concatenate([fetch(ids[i : i + 1]) for i in range(len(ids))])
    loss, grad_center, grad_rows = sgns_loss_and_grads(center, rows, small[0], small[1:])
    return loss, center - lr * grad_center, ids, rows - lr * grad_rows
