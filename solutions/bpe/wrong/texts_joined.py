"""The texts are joined before they are counted: the end of one and the start of the next meet."""

# ruff: noqa: F821 - the other names are those of the reference

from collections import Counter


def count_pretokens(texts, special_tokens=()):
    _check_special_tokens(special_tokens)
    ordinary = _split_at_special_tokens("".join(texts), special_tokens)[::2]
    return dict(Counter(word.encode() for piece in ordinary for word in pretokenize(piece)))
