"""Words are filed under their first pairs only; pairs that a merge creates are counted, but not found."""

# ruff: noqa: F821 - the other names are those of the reference

from collections import Counter, defaultdict
from itertools import pairwise


def train_bpe(counts, num_merges, min_count=2):
    _check_training(counts, num_merges, min_count)
    words = [(tuple(word), frequency) for word, frequency in counts.items()]
    pairs = Counter(pair_counts(words))
    holders = defaultdict(set)
    for place, (word, _) in enumerate(words):
        for pair in pairwise(word):
            holders[pair].add(place)
    symbols = [bytes([byte]) for byte in range(256)]
    merges = []
    while pairs and len(merges) < num_merges:
        best = _best_pair(pairs, symbols)
        if pairs[best] < min_count:
            break
        new_id = 256 + len(merges)
        for place in holders[best]:
            word, frequency = words[place]
            pairs.subtract(pair_counts([(word, frequency)]))
            word = merge_word(word, best, new_id)
            pairs.update(pair_counts([(word, frequency)]))
            words[place] = word, frequency
        symbols.append(symbols[best[0]] + symbols[best[1]])
        merges.append(best)
    return merges
