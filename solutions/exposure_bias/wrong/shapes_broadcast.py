"""Arrays of other shapes are broadcast without a complaint."""

import numpy as np


def word_oracle(logits, u=None, tau=1.0):
    if tau <= 0:
        raise ValueError("tau must be positive")
    return np.argmax(logits + (0 if u is None else gumbel_noise(u)), axis=-1)  # noqa: F821  of the reference


def mix_context(gold, oracle, p, u):
    if not 0 <= p <= 1:
        raise ValueError("p must lie in [0, 1]")
    return np.where(u < p, gold, oracle)
