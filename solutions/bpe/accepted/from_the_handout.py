"""Byte-level BPE: train, encode, decode.

The note asks: 「SubWord Model是什么？」 What is a subword model? One that works on pieces between words and
characters; byte pair encoding (BPE) finds the pieces. Three things happen:

* Training starts from the 256 byte values. Again and again the adjacent pair of symbols that occurs most
  often becomes a new symbol. The list of merges, in order, is the whole model.
* Encoding cuts a text into pre-tokens (roughly words), turns each into bytes, and applies the merges in the
  order in which they were learned. Nothing is ever unknown: what was never merged stays bytes.
* Decoding joins the bytes of all tokens and only then reads them as UTF-8.

Symbols are ints: 0 to 255 are the bytes, 256 + k is what merge number k makes (k from 0). A merge is the pair
(left, right) of the symbols that it joins. In a tokenizer the special tokens follow, from
256 + len(merges) on.

Special tokens are literal strings such as "<|end|>". They are cut out of a text before anything else is done
with it, the leftmost occurrence first, and the longest of those that start at the same place. What stands on
the two sides of a special token is separate text.

No function changes its arguments. Lists instead of tuples are fine as results.

Sources: Gage 1994, "A New Algorithm for Data Compression"; Sennrich, Haddow and Birch 2016 (arXiv:1508.07909)
for BPE on words; Radford et al. 2019, "Language Models are Unsupervised Multitask Learners" (GPT-2), for
bytes and pre-tokens. Not here: Unicode normalisation, training on more text than memory holds.
"""

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
    """Cut a text into pre-tokens: the consecutive matches of PRETOKEN_PATTERN.

    Joined, they give back the text exactly. No merge ever crosses from one to the next.

    Examples:
        "the cat's  hat" -> ["the", " cat", "'", "s", " ", " hat"]
        "a_b 12" -> ["a", "_", "b", " 12"]
        "" -> []
    """
    return _PRETOKEN.findall(text)


def count_pretokens(texts: list[str], special_tokens: Sequence[str] = ()) -> dict[bytes, int]:
    """How often each pre-token occurs in all texts together: all that training needs to know of them.

    Special tokens are not counted and separate their neighbours. Each text is pre-tokenised by itself; the
    end of one and the beginning of the next never share a pre-token.

    Args:
        texts: any number of texts, also none.
        special_tokens: literal strings; the module's docstring says how they are found.

    Returns:
        {UTF-8 bytes of a pre-token: number of occurrences}, numbers >= 1.

    Raises:
        ValueError: a special token is empty or listed twice.

    Example:
        (["a b<s>b", "a"], ["<s>"]) -> {b"a": 2, b" b": 1, b"b": 1}
    """
    regex = _special_regex(special_tokens)
    counts: Counter[str] = Counter()
    for text in texts:
        # With one group, split returns text and special token in turn.
        for part in regex.split(text)[::2] if regex else [text]:
            counts.update(pretokenize(part))
    return {pretoken.encode("utf-8"): count for pretoken, count in counts.items()}


def pair_counts(words: list[tuple[tuple[int, ...], int]]) -> dict[tuple[int, int], int]:
    """How often each pair of adjacent symbols occurs.

    The count of (x, y) is the sum over all words of the word's frequency times the number of positions i with
    word[i] = x and word[i + 1] = y. Positions may overlap: a run of r equal symbols holds its pair r - 1
    times, although a merge can replace only r // 2 of them.

    Args:
        words: (symbols, frequency) each; frequency >= 1. A word may occur in the list more than once.

    Returns:
        {pair: count}, only pairs that occur.

    Example:
        [((97, 97, 97), 4), ((98, 99), 5)] -> {(97, 97): 8, (98, 99): 5}
    """
    counts: dict[Pair, int] = {}
    for symbols, frequency in words:
        for left, right in itertools.pairwise(symbols):
            counts[left, right] = counts.get((left, right), 0) + frequency
    return counts


def merge_word(word: tuple[int, ...], pair: tuple[int, int], new_id: int) -> tuple[int, ...]:
    """The word with every occurrence of the pair replaced by new_id, from left to right, without overlap.

    What does not belong to an occurrence stays as it is; words of one symbol and of none do too.

    Examples:
        (97, 97, 97), (97, 97), 256 -> (256, 97)
        (98, 99, 98, 99), (98, 99), 256 -> (256, 256)
    """
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
    """Learn up to num_merges merges from words and their frequencies.

    Every word starts as its bytes. Each round

    1. takes the pair with the highest count (as `pair_counts` counts) over all words as they are now. Among
       pairs of the same count it takes the greatest by (bytes of left, bytes of right), compared as Python
       compares tuples of bytes objects. This decides every tie: within one training no two symbols stand for
       the same bytes. So the result depends neither on the order of `counts` nor on the ids.
    2. stops if that count is below min_count, or if no word has two symbols left.
    3. makes the pair symbol 256 + k in round k = 0, 1, ... and replaces it in every word, as `merge_word`
       does.

    Frequencies are numbers to calculate with, up to 10**13; never repeat a word that often. A round changes
    only the words that hold its pair, and the work of a round must not grow with the number of the others:
    count everything once, remember which words hold which pair, and afterwards correct the counts where a
    word changes. The tests count executed bytecodes; nothing is timed.

    Args:
        counts: {word: frequency}; any bytes, of any length from 1 on.
        num_merges: the most merges to make; 0 makes none.
        min_count: a pair that occurs less often is not merged; exactly as often is enough.

    Returns:
        The merges (left, right) in order; fewer than num_merges if training stopped before.

    Raises:
        ValueError: num_merges < 0, min_count < 1, an empty word, or a frequency < 1.

    Example:
        {b"babba": 3}, 2 merges -> [(98, 97), (256, 98)]. "ba" occurs 6 times. After that "ba" "b" and
        "b" "ba" occur 3 times each, and (b"ba", b"b") > (b"b", b"ba").
    """
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
    """Text to token ids and back, with merges learned by `train_bpe` or by anybody else.

    Ids 0 to 255 are the bytes, 256 + k is merge k, then come the special tokens in the given order.
    """

    def __init__(self, merges: list[tuple[int, int]], special_tokens: Sequence[str] = ()) -> None:
        """Build the vocabulary.

        Args:
            merges: pairs (left, right) of ids in the order of training; there may be none.
            special_tokens: literal strings; the module's docstring says how they are found.

        Raises:
            ValueError: merge k refers to an id that does not exist before it (below 0, or 256 + k and above),
                a pair is listed twice, or a special token is empty or listed twice.
        """
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
        """256 + number of merges + number of special tokens."""
        return len(self._tokens)

    def token_bytes(self, token_id: int) -> bytes:
        """The bytes that a token stands for; for a special token its text in UTF-8.

        Raises:
            ValueError: there is no such id; negative ids are unknown too.
        """
        if not 0 <= token_id < len(self._tokens):
            raise ValueError(f"there is no token {token_id}")
        return self._tokens[token_id]

    def encode(self, text: str, allow_special: bool = True) -> list[int]:
        """Token ids of a text.

        Cut out the special tokens; each becomes its id. Pre-tokenise what is left. In the UTF-8 bytes of each
        pre-token, take the adjacent pair with the earliest merge of all known pairs, and replace all its
        occurrences as `merge_word` does; repeat until no known pair is left. (Merge k refers only to ids
        below 256 + k, so making every merge once, in order, gives the same.) No token reaches over the end of
        a pre-token.

        Replace all occurrences of a pair in one pass: the work then grows with the length of a pre-token
        about linearly, while a new search after every single replacement makes it quadratic. The tests count
        executed bytecodes.

        Args:
            text: any text that UTF-8 can encode.
            allow_special: False treats the text of special tokens as ordinary text; no special id comes out.

        Returns:
            The ids; [] for the empty text.

        Example:
            Merges [(97, 98), (99, 97), (257, 98)] know "ab", "ca" and "cab", and yet "cab" gives [99, 256]:
            "ab" was learned first.
        """
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
        """The bytes of all tokens, joined.

        Raises:
            ValueError: an id is unknown.
        """
        return b"".join([self.token_bytes(token_id) for token_id in ids])

    def decode(self, ids: Sequence[int]) -> str:
        """The text of the tokens: their bytes are joined first and decoded as UTF-8 afterwards.

        A character may be split over several tokens, so a single token need not be a text. Bytes that are not
        UTF-8 never raise; they become U+FFFD as Python's errors="replace" does it.

        Raises:
            ValueError: an id is unknown.
        """
        return self.decode_bytes(ids).decode("utf-8", errors="replace")
