"""What arrives in row i is weighted by gamma_i of the new context, not by that of the original one."""

import numpy as np


def expected_noised_counts(counts, gamma, q):
    gamma = np.broadcast_to(gamma, len(counts))
    return (1 - gamma)[:, None] * counts + np.outer(gamma * q, counts.sum(axis=0))
