"""The noise is added to the probabilities instead of the logits."""

import numpy as np


def word_oracle(logits, u=None, tau=1.0):
    if tau <= 0 or (u is not None and u.shape != logits.shape):
        raise ValueError("tau must be positive, u of the shape of logits")
    if u is None:
        return logits.argmax(axis=-1)
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return (weights / weights.sum(axis=-1, keepdims=True) + gumbel_noise(u)).argmax(axis=-1)  # noqa: F821  of the reference
