"""Every sense weighs the same; the counts are not used."""


def superpose(sense_vectors, counts):
    if len(sense_vectors) != len(counts) or (counts < 0).any() or not counts.any():
        raise ValueError("one count >= 0 per sense, not all 0")
    return sense_vectors.mean(axis=0)
