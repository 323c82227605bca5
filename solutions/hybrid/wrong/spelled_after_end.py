"""Every <unk> is spelled first, also behind the end of the sentence."""

# ruff: noqa: F821 - the other names are those of the reference


def respell(word_ids, words, spell):
    if not all(0 <= word_id < len(words) for word_id in word_ids):
        raise ValueError("an id is not in the table")
    spelled = {t: spell(t) for t, word_id in enumerate(word_ids) if word_id == UNK_W}
    sentence = []
    for t, word_id in enumerate(word_ids):
        if word_id == EOS_W:
            break
        if word_id == UNK_W:
            sentence.append(spelled[t])
        elif word_id > EOS_W:
            sentence.append(words[word_id])
    return sentence
