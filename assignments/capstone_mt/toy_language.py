"""The data of the capstone: two small artificial languages, and sentences with their translations.

A source sentence is two to five words. A word is a stem of two syllables, or its plural, which ends in "n":

    dula kapen tibo

The translation maps every stem letter by letter, marks the plural with "la" before the word or "ki" behind
it, and puts the words into another order. The stems and the mapping of the letters depend on the seed.
Everything is deterministic: equal arguments give equal sentences, on every machine.

This file is given; do not hand it in, and do not import it in what you hand in.
"""

from __future__ import annotations

import random

CONSONANTS = "bdfgklmnprst"
VOWELS = "aeiou"
STEMS = 40
ORDERS = ("reverse", "rotate")
MARKER_SIDES = ("prefix", "suffix")


class ToyLanguage:
    """A pair of languages, source and target.

    Args:
        seed: of the 40 stems and of the mapping of the letters.
        order: "reverse" turns the order of the words around, "rotate" moves the first word to the end.
        marker_side: "prefix" puts "la" before the word of a plural, "suffix" puts "ki" behind it.
    """

    def __init__(self, seed: int, order: str, marker_side: str) -> None:
        if order not in ORDERS or marker_side not in MARKER_SIDES:
            raise ValueError(f"order is one of {ORDERS}, marker_side one of {MARKER_SIDES}")
        self.seed, self.order, self.marker_side = seed, order, marker_side
        rng = random.Random(f"language {seed}")
        syllables = [consonant + vowel for consonant in CONSONANTS for vowel in VOWELS]
        self.stems = rng.sample([first + second for first in syllables for second in syllables], STEMS)
        self.letters: dict[str, str] = {}
        for alphabet in (CONSONANTS, VOWELS):
            self.letters |= dict(zip(alphabet, rng.sample(alphabet, len(alphabet)), strict=True))

    def translate(self, source: str) -> str:
        """The only right translation of a sentence."""
        words = [self._translate_word(word) for word in source.split()]
        words = words[::-1] if self.order == "reverse" else [*words[1:], *words[:1]]
        return " ".join(words)

    def pairs(self, n: int, seed: int) -> list[tuple[str, str]]:
        """n random pairs (source, target). Short sentences may come up more than once."""
        rng = random.Random(f"sentences {self.seed} {seed}")
        sources = [" ".join(self._word(rng) for _ in range(rng.randint(2, 5))) for _ in range(n)]
        return [(source, self.translate(source)) for source in sources]

    def _word(self, rng: random.Random) -> str:
        return rng.choice(self.stems) + ("n" if rng.random() < 0.3 else "")

    def _translate_word(self, word: str) -> str:
        mapped = "".join(self.letters[letter] for letter in word.removesuffix("n"))
        if not word.endswith("n"):
            return mapped
        return f"la{mapped}" if self.marker_side == "prefix" else f"{mapped}ki"
