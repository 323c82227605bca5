"""Shannon-Fano: the sorted words are split from above into halves of about the same count."""

import numpy as np


def _merges(counts):
    merges = []

    def split(words):
        if len(words) == 1:
            return int(words[0])
        sums = np.cumsum(counts[words])
        cut = 1 + int(np.argmin(np.abs(2 * sums[:-1] - sums[-1])))
        merges.append((split(words[:cut]), split(words[cut:])))
        return len(counts) + len(merges) - 1

    split(np.argsort(-counts))
    return merges
