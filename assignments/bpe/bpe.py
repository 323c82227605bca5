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


def pretokenize(text: str) -> list[str]:
    """Cut a text into pre-tokens: the consecutive matches of PRETOKEN_PATTERN.

    Joined, they give back the text exactly. No merge ever crosses from one to the next.

    Examples:
        "the cat's  hat" -> ["the", " cat", "'", "s", " ", " hat"]
        "a_b 12" -> ["a", "_", "b", " 12"]
        "" -> []
    """
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


def merge_word(word: tuple[int, ...], pair: tuple[int, int], new_id: int) -> tuple[int, ...]:
    """The word with every occurrence of the pair replaced by new_id, from left to right, without overlap.

    What does not belong to an occurrence stays as it is; words of one symbol and of none do too.

    Examples:
        (97, 97, 97), (97, 97), 256 -> (256, 97)
        (98, 99, 98, 99), (98, 99), 256 -> (256, 256)
    """
    raise NotImplementedError


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
    raise NotImplementedError


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
        raise NotImplementedError

    def vocab_size(self) -> int:
        """256 + number of merges + number of special tokens."""
        raise NotImplementedError

    def token_bytes(self, token_id: int) -> bytes:
        """The bytes that a token stands for; for a special token its text in UTF-8.

        Raises:
            ValueError: there is no such id; negative ids are unknown too.
        """
        raise NotImplementedError

    def encode(self, text: str, allow_special: bool = True) -> list[int]:
        """Token ids of a text.

        Cut out the special tokens; each becomes its id. Pre-tokenise what is left. In the UTF-8 bytes of each
        pre-token, take the adjacent pair with the earliest merge of all known pairs, and replace all its
        occurrences as `merge_word` does; repeat until no known pair is left. (Merge k refers only to ids
        below 256 + k, so making every merge once, in order, gives the same.) No token reaches over the end of
        a pre-token.

        Replace all occurrences of a pair in one pass: the work then grows with the length of a pre-token
        about linearly, while a new search after every single replacement makes it quadratic. The tests count
        executed bytecodes for one pre-token and one of twice its length, under the same twenty merges.

        Args:
            text: any text that UTF-8 can encode.
            allow_special: False treats the text of special tokens as ordinary text; no special id comes out.

        Returns:
            The ids; [] for the empty text.

        Example:
            Merges [(97, 98), (99, 97), (257, 98)] know "ab", "ca" and "cab", and yet "cab" gives [99, 256]:
            "ab" was learned first.
        """
        raise NotImplementedError

    def decode_bytes(self, ids: Sequence[int]) -> bytes:
        """The bytes of all tokens, joined.

        Raises:
            ValueError: an id is unknown.
        """
        raise NotImplementedError

    def decode(self, ids: Sequence[int]) -> str:
        """The text of the tokens: their bytes are joined first and decoded as UTF-8 afterwards.

        A character may be split over several tokens, so a single token need not be a text. Bytes that are not
        UTF-8 never raise; they become U+FFFD as Python's errors="replace" does it.

        Raises:
            ValueError: an id is unknown.
        """
        raise NotImplementedError
