"""The noise is divided by tau, the logits are not."""

import numpy as np


def word_oracle(logits, u=None, tau=1.0):
    if tau <= 0 or (u is not None and u.shape != logits.shape):
        raise ValueError("tau must be positive, u of the shape of logits")
    if u is None:
        return logits.argmax(axis=-1)
    return np.argmax(logits + gumbel_noise(u) / tau, axis=-1)  # noqa: F821  of the reference
