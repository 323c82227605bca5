"""char_logprob is called for known words too; its answer is then not used."""

# ruff: noqa: F821 - the other names are those of the reference


def word_log_prob(word, word_logprobs, words, char_logprob):
    _refuse_specials({word})
    if len(word_logprobs) != len(words):
        raise ValueError("the lengths differ")
    spelled = char_logprob(word)
    return word_logprobs[words.index(word)] if word in words else word_logprobs[UNK_W] + spelled
