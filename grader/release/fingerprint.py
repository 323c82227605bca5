"""Recognising a piece of a private text in another one, however it is wrapped, indented or quoted.

A text becomes words and signs; spaces, commas, backslashes and the kind of quotation mark do not count. A
piece is *telling* when it is long enough and says enough different things:

* any 16 tokens in a row with 7 different words, so that no formula passes whole:
  `return gamma * (x - mean) / np.sqrt(var + eps) + beta` has 19 tokens and 9 words;
* a whole line of 10 tokens with 6 different words, for the short ones; the idiom
  `x = np.asarray(x, dtype=np.float64)` has 13 tokens but 5 words, and is not telling.

Shorter pieces are idioms that an honest handout and a solution share by chance. Measured on norm_layers,
beam_search and transformer_blocks, what is released against what is private: nothing matches down to 12
tokens with 6 words; from 10 with 5 on, a sentence of the handout matches the key. 16 with 7 leaves a margin
for the topics to come, and still recognises every marked span of code that stands alone in a README.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

WINDOW, WINDOW_WORDS = 16, 7
LINE, LINE_WORDS = 10, 6
UNCOMMON_WORDS = 3

Piece = tuple[str, ...]

# A Chinese character is a word of its own: the language sets no spaces.
_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9][A-Za-z0-9_.]*|[^\x00-\x7f]|[^\w\s,\\]")

# What may stand before quoted code: a mail's or Markdown's quotation, a table, a comment, Python's prompts.
_QUOTATION = re.compile(r"(?:[>#|\s]|\.\.\.)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word, a number or a sign, and its line."""

    text: str
    line: int


def tokenize_text(text: str) -> list[Token]:
    """The tokens of any text: code, prose, English or Chinese."""
    return [
        Token(text=match.group().replace("'", '"'), line=number)
        for number, row in enumerate(text.split("\n"), start=1)
        for match in _TOKEN.finditer(_QUOTATION.sub("", row, count=1))
    ]


def telling_pieces(tokens: Sequence[Token], common: Collection[str] = ()) -> Iterator[tuple[Piece, int]]:
    """The pieces that identify a text, each with its line.

    With `common` (names that everybody who uses the interface writes), a piece also needs three other words.
    """
    rows: dict[int, list[str]] = {}
    for token in tokens:
        rows.setdefault(token.line, []).append(token.text)
    lines = ((tuple(row), line) for line, row in rows.items() if LINE <= len(row) < WINDOW)
    yield from _telling(lines, LINE_WORDS, common)
    texts = [token.text for token in tokens]
    windows = (
        (tuple(texts[start : start + WINDOW]), tokens[start].line) for start in range(len(texts) - WINDOW + 1)
    )
    yield from _telling(windows, WINDOW_WORDS, common)


def _telling(
    pieces: Iterator[tuple[Piece, int]], words: int, common: Collection[str]
) -> Iterator[tuple[Piece, int]]:
    for piece, line in pieces:
        said = {text for text in piece if text[0].isalnum() or text[0] == "_"}
        if len(said) >= words and (not common or len(said.difference(common)) >= UNCOMMON_WORDS):
            yield piece, line


def find_pieces(text: str, pieces: Collection[Piece]) -> Iterator[tuple[Piece, int]]:
    """Every known piece that occurs in `text`, with the line where it begins."""
    tokens = tokenize_text(text)
    texts = [token.text for token in tokens]
    for length in sorted({len(piece) for piece in pieces}):
        for start in range(len(texts) - length + 1):
            piece = tuple(texts[start : start + length])
            if piece in pieces:
                yield piece, tokens[start].line
