"""Scores are not divided by length**alpha at all."""


def _normalised(prefixes, scores, alpha):
    return [(row[1:].tolist(), float(raw)) for row, raw in zip(prefixes, scores, strict=True)]
