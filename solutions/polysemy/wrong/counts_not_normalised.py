"""The sense vectors are summed with the raw counts as weights."""


def superpose(sense_vectors, counts):
    if len(sense_vectors) != len(counts) or (counts < 0).any() or not counts.any():
        raise ValueError("one count >= 0 per sense, not all 0")
    return counts @ sense_vectors
