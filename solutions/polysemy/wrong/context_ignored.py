"""The weights are the prior, whatever the context: still one vector per word."""

# ruff: noqa: F821 - the other names are those of the reference


def sense_posterior(context, sense_vectors, prior, tau=1.0):
    if tau <= 0:
        raise ValueError("tau must be positive")
    return _frequencies(prior)
