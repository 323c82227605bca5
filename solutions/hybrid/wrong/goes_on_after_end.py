"""</s> is skipped instead of ending the sentence."""

# ruff: noqa: F821 - the other names are those of the reference


def respell(word_ids, words, spell):
    if not all(0 <= word_id < len(words) for word_id in word_ids):
        raise ValueError("an id is not in the table")
    sentence = []
    for t, word_id in enumerate(word_ids):
        if word_id == EOS_W:
            continue
        if word_id == UNK_W:
            sentence.append(spell(t))
        elif word_id > EOS_W:
            sentence.append(words[word_id])
    return sentence
