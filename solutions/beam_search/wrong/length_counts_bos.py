"""The length that normalises a score counts BOS."""


def _normalised(prefixes, scores, alpha):
    length = prefixes.shape[1]
    return [(row[1:].tolist(), float(raw) / length**alpha) for row, raw in zip(prefixes, scores, strict=True)]
