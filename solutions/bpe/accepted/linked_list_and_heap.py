"""Two heaps: of pairs in training, with entries that may be out of date; of ranks and places in encoding."""

from __future__ import annotations

import heapq
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import total_ordering

PRETOKEN_PATTERN = r" ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+"


def pretokenize(text):
    words, at = [], 0
    pattern = re.compile(PRETOKEN_PATTERN)
    while match := pattern.match(text, at):
        words.append(match[0])
        at = match.end()
    return words


@dataclass
class Scissors:
    """Cuts special tokens out of texts."""

    tokens: list[str]

    def __post_init__(self):
        if len({*self.tokens, ""}) != len(self.tokens) + 1:
            raise ValueError("special tokens must differ, and none may be empty")
        self.tokens = sorted(self.tokens, reverse=True)  # of two that begin alike, the longer one comes first
        self.pattern = re.compile("|".join(re.escape(token) for token in self.tokens) or r"(?!)")

    def cut(self, text):
        at = 0
        for match in self.pattern.finditer(text):
            yield text[at : match.start()], False
            yield match[0], True
            at = match.end()
        yield text[at:], False


def count_pretokens(texts, special_tokens=()):
    scissors = Scissors(list(special_tokens))
    return Counter(
        word.encode()
        for text in texts
        for piece, special in scissors.cut(text)
        if not special
        for word in pretokenize(piece)
    )


def pair_counts(words):
    counts = defaultdict(int)
    for word, frequency in words:
        for at in range(1, len(word)):
            counts[word[at - 1], word[at]] += frequency
    return counts


def merge_word(word, pair, new_id):
    return tuple(replaced(list(word), 0, pair, new_id))


def replaced(word, at, pair, new_id):
    while at < len(word) - 1:
        if (word[at], word[at + 1]) == tuple(pair):
            word[at : at + 2] = [new_id]
        at += 1
    return word


@total_ordering
@dataclass(frozen=True)
class Candidate:
    """A pair as the heap sees it: the most frequent one is the smallest, then the one of greatest bytes."""

    count: int
    spelling: tuple[bytes, bytes]
    pair: tuple[int, int]

    def __lt__(self, other):
        return (self.count, self.spelling) > (other.count, other.spelling)


@dataclass
class Trainer:
    words: list[tuple[tuple[int, ...], int]]
    spelling: list[bytes] = field(default_factory=lambda: [bytes([byte]) for byte in range(256)])

    def __post_init__(self):
        self.counts = Counter()
        self.holders = defaultdict(set)
        for number in range(len(self.words)):
            self.add(number, 1)
        self.heap = [self.candidate(pair) for pair in self.counts]
        heapq.heapify(self.heap)

    def candidate(self, pair):
        return Candidate(self.counts[pair], (self.spelling[pair[0]], self.spelling[pair[1]]), pair)

    def add(self, number, sign):
        word, frequency = self.words[number]
        changes = pair_counts([(word, sign * frequency)])
        for pair, change in changes.items():
            self.counts[pair] += change
            self.holders[pair].add(number) if sign > 0 else self.holders[pair].discard(number)
        return changes.keys()

    def best(self):
        """The right candidate; those whose count has changed since are put back with the new one."""
        while self.heap:
            top = heapq.heappop(self.heap)
            if self.counts[top.pair] == top.count:
                return top
            if self.counts[top.pair]:
                heapq.heappush(self.heap, self.candidate(top.pair))
        return None

    def merge(self, pair):
        new_id = len(self.spelling)
        self.spelling.append(self.spelling[pair[0]] + self.spelling[pair[1]])
        touched = set()
        for number in list(self.holders[pair]):
            touched |= self.add(number, -1)
            word, frequency = self.words[number]
            self.words[number] = merge_word(word, pair, new_id), frequency
            touched |= self.add(number, 1)
        for other in touched:
            if self.counts[other]:
                heapq.heappush(self.heap, self.candidate(other))


def train_bpe(counts, num_merges, min_count=2):
    if num_merges < 0 or min_count <= 0 or b"" in counts or min(counts.values(), default=1) <= 0:
        raise ValueError("bad arguments")
    trainer = Trainer([(tuple(word), frequency) for word, frequency in counts.items()])
    merges = []
    while len(merges) < num_merges and (top := trainer.best()) and top.count >= min_count:
        trainer.merge(top.pair)
        merges.append(top.pair)
    return merges


class BPETokenizer:
    def __init__(self, merges, special_tokens=()):
        self.scissors = Scissors(list(special_tokens))
        self.rank = {}
        self.vocabulary = {byte: bytes([byte]) for byte in range(256)}
        for left, right in merges:
            if left not in self.vocabulary or right not in self.vocabulary or (left, right) in self.rank:
                raise ValueError(f"the merge of {left} and {right} is impossible")
            self.rank[left, right] = len(self.vocabulary)
            self.vocabulary[len(self.vocabulary)] = self.vocabulary[left] + self.vocabulary[right]
        self.special = {}
        for token in special_tokens:
            self.special[token] = len(self.vocabulary)
            self.vocabulary[len(self.vocabulary)] = token.encode()

    def vocab_size(self):
        return len(self.vocabulary)

    def token_bytes(self, token_id):
        try:
            return self.vocabulary[token_id]
        except KeyError:
            raise ValueError(f"no token {token_id}") from None

    def encode(self, text, allow_special=True):
        scissors = self.scissors if allow_special else Scissors([])
        ids = []
        for piece, special in scissors.cut(text):
            if special:
                ids.append(self.special[piece])
            else:
                ids += [token for word in pretokenize(piece) for token in self.encode_word(word.encode())]
        return ids

    def encode_word(self, word):
        symbols = list(word)
        after = [*range(1, len(symbols)), None]
        before = [None, *range(len(symbols) - 1)]
        heap = []

        def consider(left):
            right = None if left is None else after[left]
            if right is not None:
                rank = self.rank.get((symbols[left], symbols[right]))
                if rank is not None:
                    heapq.heappush(heap, (rank, left, symbols[left], symbols[right]))

        for place in range(len(symbols)):
            consider(place)
        while heap:
            rank, left, *pair = heapq.heappop(heap)
            right = after[left]
            if right is None or [symbols[left], symbols[right]] != pair:
                continue  # one of the two is gone since
            symbols[left], symbols[right] = rank, None
            after[left] = after[right]
            if after[left] is not None:
                before[after[left]] = left
            consider(before[left])
            consider(left)
        return [symbol for symbol in symbols if symbol is not None]

    def decode_bytes(self, ids):
        return b"".join(self.token_bytes(token_id) for token_id in ids)

    def decode(self, ids):
        return self.decode_bytes(ids).decode(errors="replace")
