"""The tree is balanced, whatever the counts."""


def _merges(counts):
    waiting, merges = list(range(len(counts))), []
    while len(waiting) > 1:
        merges.append((waiting.pop(0), waiting.pop(0)))
        waiting.append(len(counts) + len(merges) - 1)
    return merges
