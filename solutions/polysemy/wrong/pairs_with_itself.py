"""The mean cosine includes each vector's cosine with itself, which is 1."""

# ruff: noqa: F821 - the other names are those of the reference


def self_similarity(vectors):
    if len(vectors) < 2 or not vectors.any(axis=1).all():
        raise ValueError("at least two vectors, none of them zero")
    unit = _unit(vectors)
    return float((unit @ unit.T).mean())
