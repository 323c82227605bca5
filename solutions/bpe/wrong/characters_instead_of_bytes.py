"""Training and encoding start from Unicode characters instead of the bytes of their UTF-8."""

# ruff: noqa: F821 - the other names are those of the reference

from collections import Counter, defaultdict
from itertools import pairwise


def train_bpe(counts, num_merges, min_count=2):
    _check_training(counts, num_merges, min_count)
    words = [
        (tuple(map(ord, word.decode("utf-8", "replace"))), frequency) for word, frequency in counts.items()
    ]
    pairs = Counter(pair_counts(words))
    holders = defaultdict(set)
    for place, (word, _) in enumerate(words):
        for pair in pairwise(word):
            holders[pair].add(place)
    symbols = defaultdict(bytes, {symbol: chr(symbol).encode() for word, _ in words for symbol in word})
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
            for pair in pairwise(word):
                holders[pair].add(place)
        symbols[new_id] = symbols[best[0]] + symbols[best[1]]
        merges.append(best)
    return merges


class BPETokenizer:
    def encode(self, text, allow_special=True):
        ids = []
        for i, piece in enumerate(_split_at_special_tokens(text, list(self._special_ids) * allow_special)):
            for pretoken in [] if i % 2 else pretokenize(piece):
                ids += self._encode_pretoken(list(map(ord, pretoken)))
            ids += [self._special_ids[piece]] if i % 2 else []
        return ids
