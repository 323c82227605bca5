"""Scores are multiplied by length**alpha where they should be divided."""


def _normalised(prefixes, scores, alpha):
    length = prefixes.shape[1] - 1
    return [(row[1:].tolist(), float(raw) * length**alpha) for row, raw in zip(prefixes, scores, strict=True)]
