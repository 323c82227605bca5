"""A run of equal symbols counts as often as a merge would replace it, r // 2, not r - 1 times."""

from collections import Counter


def pair_counts(words):
    counts = Counter()
    for word, frequency in words:
        i = 0
        while i + 1 < len(word):
            counts[word[i], word[i + 1]] += frequency
            # Inside a run the next pair starts where this one ends.
            i += 2 if word[i : i + 3] == (word[i],) * 3 else 1
    return dict(counts)
