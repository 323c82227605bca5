"""Every word counts once, whatever its frequency."""

from collections import Counter
from itertools import pairwise


def pair_counts(words):
    return dict(Counter(pair for word, _ in words for pair in pairwise(word)))
