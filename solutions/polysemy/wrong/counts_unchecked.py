"""A negative count is accepted, and a single count is broadcast to all senses."""


def superpose(sense_vectors, counts):
    if counts.sum() == 0:
        raise ValueError("all counts are 0")
    return (counts[:, None] * sense_vectors).sum(axis=0) / counts.sum()
