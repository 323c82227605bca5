"""The vector of the most likely sense instead of the weighted sum of all."""

# ruff: noqa: F821 - the other names are those of the reference


def contextual_embedding(context, sense_vectors, prior, tau=1.0):
    return sense_vectors[sense_posterior(context, sense_vectors, prior, tau).argmax()]
