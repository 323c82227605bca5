"""Special tokens are taken out of the text, and what stood around them grows together."""

# ruff: noqa: F821 - the other names are those of the reference

from collections import Counter


def count_pretokens(texts, special_tokens=()):
    _check_special_tokens(special_tokens)
    counts = Counter()
    for text in texts:
        ordinary = "".join(_split_at_special_tokens(text, special_tokens)[::2])
        counts.update(word.encode() for word in pretokenize(ordinary))
    return dict(counts)
