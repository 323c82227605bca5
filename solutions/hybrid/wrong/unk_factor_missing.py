"""An unknown word has the probability of its characters alone."""

# ruff: noqa: F821 - the other names are those of the reference


def word_log_prob(word, word_logprobs, words, char_logprob):
    _refuse_specials({word})
    if len(word_logprobs) != len(words):
        raise ValueError("the lengths differ")
    return word_logprobs[words.index(word)] if word in words else char_logprob(word)
