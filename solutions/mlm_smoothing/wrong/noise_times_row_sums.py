"""q_i is multiplied by the row sum of j, how often j is a context, instead of the column sum."""

import numpy as np


def expected_noised_counts(counts, gamma, q):
    gamma = np.broadcast_to(gamma, len(counts))
    return (1 - gamma)[:, None] * counts + np.outer(q, gamma * counts.sum(axis=1))
