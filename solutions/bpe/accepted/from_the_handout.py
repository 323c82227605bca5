"""Written from the handout and the stub alone, whose docstrings are left out here."""

from __future__ import annotations

import heapq
import itertools
import re
from collections import Counter
from collections.abc import Sequence

Pair = tuple[int, int]
Word = tuple[int, ...]

# For Python's `re`. The alternatives are tried from first to last, and one of them matches any character.
PRETOKEN_PATTERN = (
    r" ?[^\W\d_]+"  # letters, with the single space before them if there is one
    r"| ?\d+"  # digits, likewise
    r"| ?(?:[^\s\w]|_)+"  # the rest but for white space: punctuation, symbols, underscores; likewise
    r"|\s+(?!\S)"  # white space, without its last character if something else follows
    r"|\s+"  # that last character, if no alternative above took it
)

_PRETOKEN = re.compile(PRETOKEN_PATTERN)
_INVERT = bytes(range(255, -1, -1))


def _special_regex(special_tokens: Sequence[str]) -> re.Pattern[str] | None:
    """Finds special tokens, in a group for `re.split`; None if there are none.

    Raises:
        ValueError: a special token is empty or listed twice.
    """
    if any(not token for token in special_tokens):
        raise ValueError("a special token is empty")
    if len(set(special_tokens)) != len(special_tokens):
        raise ValueError("a special token is listed twice")
    if not special_tokens:
        return None
    # `re` takes the first alternative that matches: the longest has to stand first.
    longest_first = sorted(special_tokens, key=len, reverse=True)
    return re.compile("(" + "|".join(re.escape(token) for token in longest_first) + ")")


def pretokenize(text: str) -> list[str]:
    return _PRETOKEN.findall(text)


def count_pretokens(texts: list[str], special_tokens: Sequence[str] = ()) -> dict[bytes, int]:
    regex = _special_regex(special_tokens)
    counts: Counter[str] = Counter()
    for text in texts:
        # With one group, split returns text and special token in turn.
        for part in regex.split(text)[::2] if regex else [text]:
            counts.update(pretokenize(part))
    return {pretoken.encode("utf-8"): count for pretoken, count in counts.items()}


def pair_counts(words: list[tuple[tuple[int, ...], int]]) -> dict[tuple[int, int], int]:
    counts: dict[Pair, int] = {}
    for symbols, frequency in words:
        for left, right in itertools.pairwise(symbols):
            counts[left, right] = counts.get((left, right), 0) + frequency
    return counts


def merge_word(word: tuple[int, ...], pair: tuple[int, int], new_id: int) -> tuple[int, ...]:
    left, right = pair
    merged: list[int] = []
    i = 0
    while i < len(word):
        if word[i] == left and i + 1 < len(word) and word[i + 1] == right:
            merged.append(new_id)
            i += 2
        else:
            merged.append(word[i])
            i += 1
    return tuple(merged)


def _descending_key(token: bytes) -> str:
    """A string for each token; strings ascend where tokens, as bytes objects, descend.

    Each byte is inverted, and a mark above all of them ends the string, so that a prefix comes last.
    """
    return token.translate(_INVERT).decode("latin-1") + "\u0100"


def train_bpe(counts: dict[bytes, int], num_merges: int, min_count: int = 2) -> list[tuple[int, int]]:
    if num_merges < 0:
        raise ValueError(f"num_merges must be at least 0, not {num_merges}")
    if min_count < 1:
        raise ValueError(f"min_count must be at least 1, not {min_count}")
    for word, frequency in counts.items():
        if not word:
            raise ValueError("a word is empty")
        if frequency < 1:
            raise ValueError(f"the frequency of {word!r} must be at least 1, not {frequency}")

    words: list[Word] = [tuple(word) for word in counts]
    frequencies = list(counts.values())
    pairs = pair_counts(list(zip(words, frequencies, strict=True)))
    holders: dict[Pair, set[int]] = {}  # indices of the words that hold a pair
    for index, symbols in enumerate(words):
        for pair in itertools.pairwise(symbols):
            holders.setdefault(pair, set()).add(index)

    tokens = [bytes([byte]) for byte in range(256)]
    keys = [_descending_key(token) for token in tokens]

    def entry(pair: Pair) -> tuple[int, str, str, Pair]:
        return -pairs[pair], keys[pair[0]], keys[pair[1]], pair

    # A pair gets a new entry whenever its count changes; old ones stay until they come up.
    heap = [entry(pair) for pair in pairs]
    heapq.heapify(heap)
    merges: list[Pair] = []
    while heap and len(merges) < num_merges:
        negative_count, _, _, best = heapq.heappop(heap)
        if pairs.get(best) != -negative_count:
            continue  # out of date
        if -negative_count < min_count:
            break
        new_id = 256 + len(merges)
        merges.append(best)
        tokens.append(tokens[best[0]] + tokens[best[1]])
        keys.append(_descending_key(tokens[-1]))

        changes: dict[Pair, int] = {}
        for index in holders.pop(best):
            old, frequency = words[index], frequencies[index]
            new = words[index] = merge_word(old, best, new_id)
            before = pair_counts([(old, frequency)])
            after = pair_counts([(new, frequency)])
            for pair, count in before.items():
                changes[pair] = changes.get(pair, 0) - count
                if pair not in after and pair != best:
                    holders[pair].discard(index)
            for pair, count in after.items():
                changes[pair] = changes.get(pair, 0) + count
                if pair not in before:
                    holders.setdefault(pair, set()).add(index)
        for pair, change in changes.items():
            if not change:
                continue
            pairs[pair] = pairs.get(pair, 0) + change
            if pairs[pair]:
                heapq.heappush(heap, entry(pair))
            else:
                del pairs[pair]
                holders.pop(pair, None)
    return merges


class BPETokenizer:
    def __init__(self, merges: list[tuple[int, int]], special_tokens: Sequence[str] = ()) -> None:
        self._special_regex = _special_regex(special_tokens)
        self._ranks: dict[Pair, int] = {}
        self._tokens = [bytes([byte]) for byte in range(256)]
        for k, (left, right) in enumerate(merges):
            if not (0 <= left < 256 + k and 0 <= right < 256 + k):
                raise ValueError(f"merge {k}, {(left, right)}, refers to an id that does not exist before it")
            if (left, right) in self._ranks:
                raise ValueError(f"the pair {(left, right)} is listed twice")
            self._ranks[left, right] = k
            self._tokens.append(self._tokens[left] + self._tokens[right])
        self._special_ids = {token: len(self._tokens) + i for i, token in enumerate(special_tokens)}
        self._tokens += [token.encode("utf-8") for token in special_tokens]

    def vocab_size(self) -> int:
        return len(self._tokens)

    def token_bytes(self, token_id: int) -> bytes:
        if not 0 <= token_id < len(self._tokens):
            raise ValueError(f"there is no token {token_id}")
        return self._tokens[token_id]

    def encode(self, text: str, allow_special: bool = True) -> list[int]:
        parts = self._special_regex.split(text) if allow_special and self._special_regex else [text]
        ids: list[int] = []
        for i, part in enumerate(parts):
            if i % 2:  # split returns text and special token in turn
                ids.append(self._special_ids[part])
            else:
                for pretoken in pretokenize(part):
                    ids += self._encode_pretoken(pretoken.encode("utf-8"))
        return ids

    def _encode_pretoken(self, pretoken: bytes) -> list[int]:
        """Merge the bytes of one pre-token, in n log n steps however many different merges it takes.

        The symbols form a linked list, and a heap holds (rank, position) of the known pairs. A merge makes
        only pairs of a later rank, since earlier merges do not know its symbol. So all occurrences of a pair
        leave the heap one after the other, from left to right, as `merge_word` takes them.
        """
        end = len(pretoken)
        symbols: list[int] = list(pretoken)  # -1 where a symbol went into the one before it
        following = list(range(1, end + 1))
        preceding = list(range(-1, end - 1))
        ranks = self._ranks
        heap = [(ranks[pair], i) for i, pair in enumerate(itertools.pairwise(symbols)) if pair in ranks]
        heapq.heapify(heap)
        while heap:
            rank, i = heapq.heappop(heap)
            j = following[i]
            if j == end or ranks.get((symbols[i], symbols[j])) != rank:
                continue  # one of the two has been merged with another symbol
            symbols[i], symbols[j] = 256 + rank, -1
            after = following[i] = following[j]
            if after < end:
                preceding[after] = i
                pair = symbols[i], symbols[after]
                if pair in ranks:
                    heapq.heappush(heap, (ranks[pair], i))
            before = preceding[i]
            if before >= 0:
                pair = symbols[before], symbols[i]
                if pair in ranks:
                    heapq.heappush(heap, (ranks[pair], before))
        return [symbol for symbol in symbols if symbol >= 0]

    def decode_bytes(self, ids: Sequence[int]) -> bytes:
        return b"".join([self.token_bytes(token_id) for token_id in ids])

    def decode(self, ids: Sequence[int]) -> str:
        return self.decode_bytes(ids).decode("utf-8", errors="replace")
