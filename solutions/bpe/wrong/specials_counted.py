"""The special tokens themselves are counted as pre-tokens."""

# ruff: noqa: F821 - the other names are those of the reference

from collections import Counter


def count_pretokens(texts, special_tokens=()):
    _check_special_tokens(special_tokens)
    counts = Counter()
    for text in texts:
        for i, piece in enumerate(_split_at_special_tokens(text, special_tokens)):
            counts.update(word.encode() for word in ([piece] if i % 2 else pretokenize(piece)))
    return dict(counts)
