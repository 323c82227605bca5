"""Text is pre-tokenised first, and only pre-tokens that equal a special token are left out."""

# ruff: noqa: F821 - the other names are those of the reference

from collections import Counter


def count_pretokens(texts, special_tokens=()):
    _check_special_tokens(special_tokens)
    words = [word for text in texts for word in pretokenize(text)]
    return dict(Counter(word.encode() for word in words if word not in special_tokens))
