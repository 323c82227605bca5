"""sample_noised_bigrams makes its generator without the seed."""

import numpy as np


def sample_noised_bigrams(tokens, gamma, q, seed):
    rng = np.random.default_rng()
    contexts, targets = tokens[:-1], tokens[1:]
    replaced = rng.random(contexts.shape) < gamma
    drawn = rng.choice(len(q), size=contexts.shape, p=q)
    return np.column_stack([np.where(replaced, drawn, contexts), targets])
