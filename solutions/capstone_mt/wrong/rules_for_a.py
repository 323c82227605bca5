"""Translates by rules for language A, written by hand, whatever language it was trained on."""

# ruff: noqa: F821 - the other names are those of the reference


class Translator:
    def translate_batch(self, srcs, beam=1):
        _require(beam=beam)
        return [" ".join(_word_of_a(word) for word in reversed(src.split())) for src in srcs]


def _word_of_a(word):
    letters = str.maketrans("bdfgklmnprstaeiou", "bpgdksmfntrleuaoi")
    return "la" * word.endswith("n") + word.removesuffix("n").translate(letters)
