"""Encoding makes all merges one after the other and remembers words; training keeps books on every word."""

import re
from itertools import pairwise

PRETOKEN_PATTERN = r" ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+"


def pretokenize(text):
    return [match.group() for match in re.finditer(PRETOKEN_PATTERN, text)]


def distinct_and_full(special_tokens):
    for index, token in enumerate(special_tokens):
        if not token or token in special_tokens[:index]:
            raise ValueError(f"bad special token {token!r}")


def cut(text, special_tokens):
    """Yield (special token or None, ordinary text before it)."""
    while special_tokens:
        found = [(text.find(token), -len(token), token) for token in special_tokens if token in text]
        if not found:
            break
        at, _, token = min(found)
        yield token, text[:at]
        text = text[at + len(token) :]
    yield None, text


def count_pretokens(texts, special_tokens=()):
    distinct_and_full(special_tokens)
    counts = {}
    for text in texts:
        for _, ordinary in cut(text, special_tokens):
            for word in pretokenize(ordinary):
                key = word.encode()
                counts[key] = counts.get(key, 0) + 1
    return counts


def pair_counts(words):
    table = {}
    for word, frequency in words:
        for index in range(len(word) - 1):
            key = word[index], word[index + 1]
            table[key] = table.setdefault(key, 0) + frequency
    return table


def merge_word(word, pair, new_id):
    out = []
    skip = False
    for here, after in zip(word, [*word[1:], None], strict=False):
        if skip:
            skip = False
        elif (here, after) == pair:
            out.append(new_id)
            skip = True
        else:
            out.append(here)
    return out


class Statistics:
    """Counts, and the words that hold each pair; a pair that is gone leaves both tables."""

    def __init__(self, counts):
        self.words = [list(word) for word in counts]
        self.frequencies = list(counts.values())
        self.counts = {}
        self.where = {}
        for number in range(len(self.words)):
            self.book(number, +1)

    def book(self, number, sign):
        word = self.words[number]
        for pair in pairwise(word):
            left = self.counts.get(pair, 0) + sign * self.frequencies[number]
            if left:
                self.counts[pair] = left
                self.where.setdefault(pair, set()).add(number)
            else:
                del self.counts[pair], self.where[pair]

    def merge(self, pair, new_id):
        for number in sorted(self.where[pair]):
            self.book(number, -1)
            self.words[number] = merge_word(self.words[number], pair, new_id)
            self.book(number, +1)


def train_bpe(counts, num_merges, min_count=2):
    if num_merges < 0 or min_count < 1:
        raise ValueError("num_merges and min_count make no sense")
    if not all(word and frequency > 0 for word, frequency in counts.items()):
        raise ValueError("empty word, or one that never occurs")
    statistics = Statistics(counts)
    spelling = {byte: bytes((byte,)) for byte in range(256)}
    merges = []
    for new_id in range(256, 256 + num_merges):
        top = max(statistics.counts.values(), default=0)
        if top < min_count:
            break
        tied = [pair for pair, count in statistics.counts.items() if count == top]
        left, right = max(tied, key=lambda pair: [spelling[symbol] for symbol in pair])
        statistics.merge((left, right), new_id)
        spelling[new_id] = spelling[left] + spelling[right]
        merges.append([left, right])
    return merges


class BPETokenizer:
    def __init__(self, merges, special_tokens=()):
        distinct_and_full(special_tokens)
        self.merges = [tuple(pair) for pair in merges]
        self.specials = list(special_tokens)
        for k, pair in enumerate(self.merges):
            if min(pair) < 0 or max(pair) >= 256 + k or pair in self.merges[:k]:
                raise ValueError(f"merge {k} is impossible")
        self.cache = {}

    def vocab_size(self):
        return 256 + len(self.merges) + len(self.specials)

    def token_bytes(self, token_id):
        if token_id < 0 or token_id >= self.vocab_size():
            raise ValueError(f"unknown token {token_id}")
        if token_id < 256:
            return bytes((token_id,))
        if token_id < 256 + len(self.merges):
            return self.decode_bytes(self.merges[token_id - 256])
        return self.specials[token_id - 256 - len(self.merges)].encode()

    def word(self, word):
        if word not in self.cache:
            symbols = list(word.encode())
            for k, pair in enumerate(self.merges):
                symbols = merge_word(symbols, pair, 256 + k)
            self.cache[word] = symbols
        return self.cache[word]

    def encode(self, text, allow_special=True):
        ids = []
        for special, ordinary in cut(text, self.specials if allow_special else []):
            for word in pretokenize(ordinary):
                ids.extend(self.word(word))
            if special is not None:
                ids.append(256 + len(self.merges) + self.specials.index(special))
        return tuple(ids)

    def decode_bytes(self, ids):
        joined = bytearray()
        for token_id in ids:
            joined += self.token_bytes(token_id)
        return bytes(joined)

    def decode(self, ids):
        return str(self.decode_bytes(ids), "utf-8", "replace")
