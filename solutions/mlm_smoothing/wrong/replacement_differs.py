"""A replacement is drawn again until it differs from the original context."""

import numpy as np


def sample_noised_bigrams(tokens, gamma, q, seed):
    rng = np.random.default_rng(seed)
    contexts, targets = tokens[:-1], tokens[1:]
    replaced = rng.random(contexts.shape) < gamma
    drawn = rng.choice(len(q), size=contexts.shape, p=q)
    while q.max() < 1 and (same := drawn == contexts).any():
        drawn = np.where(same, rng.choice(len(q), size=contexts.shape, p=q), drawn)
    return np.column_stack([np.where(replaced, drawn, contexts), targets])
