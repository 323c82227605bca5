"""Ids are looked up one by one, so words are spelled before a wrong id is found."""

# ruff: noqa: F821 - the other names are those of the reference


def respell(word_ids, words, spell):
    sentence = []
    for t, word_id in enumerate(word_ids):
        if not 0 <= word_id < len(words):
            raise ValueError("an id is not in the table")
        if word_id == EOS_W:
            break
        if word_id == UNK_W:
            sentence.append(spell(t))
        elif word_id > EOS_W:
            sentence.append(words[word_id])
    return sentence
