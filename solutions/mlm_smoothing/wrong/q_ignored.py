"""New contexts are drawn uniformly; q is ignored."""

import numpy as np


def sample_noised_bigrams(tokens, gamma, q, seed):
    rng = np.random.default_rng(seed)
    contexts, targets = tokens[:-1], tokens[1:]
    replaced = rng.random(contexts.shape) < gamma
    drawn = rng.integers(len(q), size=contexts.shape)
    return np.column_stack([np.where(replaced, drawn, contexts), targets])
