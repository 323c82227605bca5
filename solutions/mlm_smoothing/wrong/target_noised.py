"""The text is noised first and then cut into pairs, so the targets change as well."""

import numpy as np


def sample_noised_bigrams(tokens, gamma, q, seed):
    rng = np.random.default_rng(seed)
    noised = np.where(rng.random(tokens.shape) < gamma, rng.choice(len(q), size=tokens.shape, p=q), tokens)
    return np.column_stack([noised[:-1], noised[1:]])
