"""Known words are spelled too."""

# ruff: noqa: F821 - the other names are those of the reference


def encode_sentence(tokens, words, chars, *, max_chars=21):
    _check_max_chars(max_chars)
    _refuse_specials(set(tokens))
    spellings = []
    for token in tokens:
        letters = [chars.index(char) if char in chars else UNK_C for char in token][: max_chars - 2]
        spellings.append([BOS_C, *letters, EOS_C])
    lengths = [len(spelling) for spelling in spellings]
    return {
        "word_ids": [words.index(token) if token in words else UNK_W for token in tokens],
        "char_ids": [row + [PAD_C] * (max(lengths) - len(row)) for row in spellings],
        "lengths": lengths,
    }
