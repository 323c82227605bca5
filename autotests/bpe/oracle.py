"""Independent answers: a word is a string with one character per symbol, so that str.replace makes a merge.

`str.replace` goes from left to right and never overlaps, which is the handout's rule. Training counts all
pairs anew each round; encoding makes every merge once, in order; pre-tokens come from a scanner that looks at
one character after the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

Pair = tuple[int, int]

# Pieces that a text is put together from; each has its own way to go wrong.
PIECES = [
    *["the", "of", "hello", "Straße", "naïve", "cafe\u0301", "e\u0323\u0302", "Ωmega", "ñ"],
    *[" ", "  ", "   ", "\t", "\n", "\r\n", "\n\n ", "\u00a0", "\u3000", " \t ", "\x1f"],
    *["7", "42", "2024", "²", "½", "٣٤", "_", "__init__", "a_b"],
    *[".", "...", "!?", "'s", '"', "(", "<|", "|>", "€", "→", "\\n"],
    *["世界", "中文分词。", "ひらがな", "한국어", "مرحبا", "العربية", "हिन्दी", "क्षि"],
    *["🙂", "👩\u200d👩\u200d👧", "👍🏽", "🇨🇳", "\x00", "\x07", "\ufffd", "\U0010ffff", "\u200b", "\ufeff"],
]


def random_texts(rng: np.random.Generator, number: int) -> list[str]:
    """Texts of many scripts: every piece once at least, then random ones; also "" and " "."""
    order = [PIECES[i] for i in rng.permutation(len(PIECES))]
    some = ["".join(order[i : i + 8]) for i in range(0, len(order), 8)]
    lengths = rng.integers(1, 9, size=number - len(some) - 2)
    # By index: an array of strings would lose the NUL.
    more = ["".join(PIECES[i] for i in rng.integers(len(PIECES), size=length)) for length in lengths]
    return ["", " ", *some, *more]


def letters(rng: np.random.Generator, alphabet: str, length: int) -> str:
    """A random word."""
    return "".join(rng.choice(list(alphabet), size=length))


def random_counts(rng: np.random.Generator, alphabet: str, words: int, longest: int) -> dict[bytes, int]:
    """Random words in UTF-8 with frequencies from 1 to 6."""
    lengths = rng.integers(1, longest + 1, size=words)
    return {letters(rng, alphabet, int(n)).encode(): int(rng.integers(1, 7)) for n in lengths}


# ---- pre-tokens --------------------------------------------------------------------------------------------


def _kind(character: str) -> str:
    if character.isspace():
        return "space"
    if character.isdecimal():
        return "digits"
    return "letters" if character.isalnum() else "rest"


def pretokens(text: str) -> list[str]:
    """Runs of one kind, each with a single space before it; white space gives its last character away."""
    found = []
    start = 0
    while start < len(text):
        first = start
        if text[first] == " " and text[first + 1 : first + 2].strip():
            first += 1  # the space joins what follows
        end = first + 1
        while end < len(text) and _kind(text[end]) == _kind(text[first]):
            end += 1
        if text[first].isspace() and end < len(text) and end - first > 1:
            end -= 1
        found.append(text[start:end])
        start = end
    return found


def split_specials(text: str, specials: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """(piece, whether it is special); ordinary pieces are never empty."""
    start = place = 0
    while place < len(text):
        here = [special for special in specials if text.startswith(special, place)]
        if not here:
            place += 1
            continue
        if start < place:
            yield text[start:place], False
        special = max(here, key=len)
        yield special, True
        start = place = place + len(special)
    if start < len(text):
        yield text[start:], False


def count_pretokens(texts: Sequence[str], specials: Sequence[str] = ()) -> dict[bytes, int]:
    """One count after the other."""
    counts: dict[bytes, int] = {}
    for text in texts:
        for piece, special in split_specials(text, specials):
            for word in [] if special else pretokens(piece):
                counts[word.encode()] = counts.get(word.encode(), 0) + 1
    return counts


# ---- training ----------------------------------------------------------------------------------------------


def pair_counts(words: Sequence[tuple[Sequence[int], int]]) -> dict[Pair, int]:
    """Position by position."""
    counts: dict[Pair, int] = {}
    for word, frequency in words:
        for i in range(1, len(word)):
            counts[word[i - 1], word[i]] = counts.get((word[i - 1], word[i]), 0) + frequency
    return counts


def train(counts: Mapping[bytes, int], num_merges: int, min_count: int = 2) -> list[Pair]:
    """Counts all pairs anew each round."""
    words = [(word.decode("latin-1"), frequency) for word, frequency in counts.items()]
    spelled = {chr(byte): bytes([byte]) for byte in range(256)}
    merges = []
    for new in map(chr, range(256, 256 + num_merges)):
        totals: Counter[str] = Counter()
        for word, frequency in words:
            for i in range(len(word) - 1):
                totals[word[i : i + 2]] += frequency
        top = max(totals.values(), default=0)
        if top < min_count:
            break
        tied = sorted((spelled[pair[0]], spelled[pair[1]], pair) for pair in totals if totals[pair] == top)
        left, right, pair = tied[-1]
        words = [(word.replace(pair, new), frequency) for word, frequency in words]
        spelled[new] = left + right
        merges.append((ord(pair[0]), ord(pair[1])))
    return merges


# ---- encoding ----------------------------------------------------------------------------------------------


def encode_word(word: bytes, merges: Sequence[Pair]) -> list[int]:
    """Every merge once, in order."""
    symbols = word.decode("latin-1")
    for k, (left, right) in enumerate(merges):
        symbols = symbols.replace(chr(left) + chr(right), chr(256 + k))
    return [ord(symbol) for symbol in symbols]


def encode(text: str, merges: Sequence[Pair], specials: Sequence[str] = ()) -> list[int]:
    """Special tokens first, then word by word."""
    ids = []
    for piece, special in split_specials(text, specials):
        if special:
            ids.append(256 + len(merges) + list(specials).index(piece))
        else:
            ids += [token for word in pretokens(piece) for token in encode_word(word.encode(), merges)]
    return ids


def token_bytes(token: int, merges: Sequence[Pair], specials: Sequence[str] = ()) -> bytes:
    """Spelled out from the top."""
    if token < 256:
        return bytes([token])
    if token < 256 + len(merges):
        return b"".join(token_bytes(part, merges) for part in merges[token - 256])
    return specials[token - 256 - len(merges)].encode()


def random_merges(rng: np.random.Generator, alphabet: str, number: int) -> list[Pair]:
    """Different pairs of letters and earlier merges in an order that no training need give."""
    symbols = [ord(letter) for letter in alphabet]
    merges: list[Pair] = []
    while len(merges) < number:
        pair = (int(rng.choice(symbols)), int(rng.choice(symbols)))
        if pair not in merges:
            symbols.append(256 + len(merges))
            merges.append(pair)
    return merges
