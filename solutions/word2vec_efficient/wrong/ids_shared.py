"""Inner nodes are numbered by their depth, so that all nodes of a level share an id."""

# ruff: noqa: F821 - the other names are those of the reference


def huffman(counts):
    if not counts.size or (counts <= 0).any():
        raise ValueError("there must be at least one word, and each count must be positive")
    merges = _merges(counts)
    codes = [[] for _ in range(len(counts) + len(merges))]
    paths = [[] for _ in codes]
    for inner in reversed(range(len(merges))):
        parent = len(counts) + inner
        for bit, child in enumerate(merges[inner]):
            codes[child] = [*codes[parent], bit]
            paths[child] = [*paths[parent], len(paths[parent])]
    return codes[: len(counts)], paths[: len(counts)]
