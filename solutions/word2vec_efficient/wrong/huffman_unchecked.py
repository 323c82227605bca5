"""Zero and negative counts, and an empty vocabulary, are accepted."""

# ruff: noqa: F821 - the other names are those of the reference


def huffman(counts):
    merges = _merges(counts)
    codes = [[] for _ in range(len(counts) + len(merges))]
    paths = [[] for _ in codes]
    for inner in reversed(range(len(merges))):
        parent = len(counts) + inner
        for bit, child in enumerate(merges[inner]):
            codes[child] = [*codes[parent], bit]
            paths[child] = [*paths[parent], inner]
    return codes[: len(counts)], paths[: len(counts)]
