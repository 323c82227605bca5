"""A word must occur more than min_count times."""

# ruff: noqa: F821 - the other names are those of the reference

from collections import Counter


def build_vocab(sentences, *, max_words, min_count=1):
    if max_words < 0 or min_count < 1:
        raise ValueError("max_words or min_count is too small")
    counts = Counter(word for sentence in sentences for word in sentence)
    if "" in counts:
        raise ValueError("a word is empty")
    _refuse_specials(set(counts))
    frequent = [word for word in counts if counts[word] > min_count]
    frequent.sort(key=lambda word: (-counts[word], word))
    return SPECIALS + frequent[:max_words], SPECIALS + sorted(set("".join(counts)))
