"""Independent answers and data: languages, awkward strings, BLEU with exact fractions, roll-outs."""

from __future__ import annotations

import itertools
import math
import random
import runpy
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np

Pairs = list[tuple[str, str]]


class Toy:
    """The languages of the handout's `toy_language.py`: the same sentences, made by other means."""

    def __init__(self, seed: int, order: str, marker_side: str) -> None:
        self.arguments = (seed, order, marker_side)
        draw = random.Random(f"language {seed}").sample
        everything = ["".join(letters) for letters in itertools.product("bdfgklmnprst", "aeiou", repeat=2)]
        self.words = draw(everything, 40)
        self.table = {}
        for letters in ("bdfgklmnprst", "aeiou"):
            self.table |= str.maketrans(letters, "".join(draw(letters, len(letters))))

    def pairs(self, n: int, seed: int) -> Pairs:
        """Sentences and their translations."""
        generator = random.Random(f"sentences {self.arguments[0]} {seed}")
        made = []
        while len(made) < n:
            count = generator.randint(2, 5)
            words = [(generator.choice(self.words), generator.random() < 0.3) for _ in range(count)]
            made.append((" ".join(stem + "n" * many for stem, many in words), self.say(words)))
        return made

    def say(self, words: list[tuple[str, bool]]) -> str:
        """The target sentence of stems and whether they are plural."""
        _, order, marker_side = self.arguments
        before, behind = ("la", "") if marker_side == "prefix" else ("", "ki")
        said = [before * many + stem.translate(self.table) + behind * many for stem, many in words]
        said = said[::-1] if order == "reverse" else said[1:] + said[:1]
        return " ".join(said)


# Fixed, not drawn from `rng`: a training is dear, and the two that a grading can afford are the same for all.
LANGUAGES = {
    "A": Toy(1, "reverse", "prefix"),  # the seed is in the handout
    "B": Toy(730_421, "rotate", "suffix"),
}
TRAINING_DATA_SEED, NEW_DATA_SEED = 11, 860_713


def training_pairs(language: str, n: int = 3000) -> Pairs:
    """The first n pairs that a translator of the language learns from."""
    return LANGUAGES[language].pairs(n, TRAINING_DATA_SEED)


def new_pairs(language: str) -> Pairs:
    """Sentences to translate; none of them occurs in the training data."""
    known = {source for source, _ in training_pairs(language)}
    return [pair for pair in LANGUAGES[language].pairs(200, NEW_DATA_SEED) if pair[0] not in known]


def check_generators() -> None:
    """Students train on what the handout's generator says. Raises LookupError when that is not ours."""
    here = Path(__file__).parent
    path = here.parents[1] / "assignments" / here.name / "toy_language.py"
    theirs = runpy.run_path(str(path))["ToyLanguage"]
    for language in LANGUAGES.values():
        if theirs(*language.arguments).pairs(20, 3) != language.pairs(20, 3):
            raise LookupError(f"{path} makes other sentences than the hidden tests")


_ASCII = ("dula", "Kapen", "x", "l'eau", "e-mail", "a_b", "__init__", "42", "007", "3.14", "½²", "?!")
_OTHER = ("naïve", "nai\u0308ve", "Å", "你好", "翻译器", "السلام", "हिन्दी", "👩\u200d💻", "👍🏽")
_BLANK = (" ", "  ", "     ", "\t", "\n", "\r\n", " \n\t ", "\u00a0", "\u3000")
_ODD = ("\0", "\x07", "\x7f", "\ufffd", "\ufeff", "\U0010ffff", "\ud7ff")


def strings(rng: np.random.Generator, n: int) -> list[str]:
    """Strings that break careless tokenizers: a few fixed ones, then n random mixtures."""
    fixed = ["", " ", "dula", " dula", "dula ", "dula  kapen", "  ", "<pad> <s> </s> <unk>", *_ODD, *_OTHER]
    mixed = []
    for _ in range(n):
        kinds = [_ASCII, _OTHER, _BLANK, _BLANK, _ODD]
        chosen = [kinds[i] for i in rng.integers(len(kinds), size=rng.integers(2, 12))]
        mixed.append("".join(str(rng.choice(kind)) for kind in chosen))
    return [*fixed, *mixed]


def bleu(hyps: list[str], refs: list[str], max_n: int = 4) -> float:
    """BLEU by its definition: precisions as fractions, matches ticked off one by one, a root at the end."""
    product = Fraction(1)
    for n in range(1, max_n + 1):
        matched = total = 0
        for hyp, ref in zip(hyps, refs, strict=True):
            left = _windows(ref.split(), n)
            for window in _windows(hyp.split(), n):
                total += 1
                if window in left:
                    left.remove(window)
                    matched += 1
        if matched == 0:
            return 0.0
        product *= Fraction(matched, total)
    c, r = (sum(len(text.split()) for text in texts) for texts in (hyps, refs))
    root = float(product) ** (1 / max_n)
    return root if c >= r else root * math.e ** (1 - r / c)


def _windows(words: list[str], n: int) -> list[list[str]]:
    return [words[i : i + n] for i in range(len(words) - n + 1)]


def noisy_corpus(rng: np.random.Generator, keep: float) -> tuple[list[str], list[str]]:
    """Hypotheses that resemble their references, with every p_n above 0.

    `keep` is the share of a reference's words that its hypothesis has; above 1 some words come twice.
    """
    hyps, refs = [], []
    for length in rng.permutation([7, 9, 12, 15, 18]):
        ref = rng.choice(list("abcdef"), size=length)
        hyp = ref[np.sort(rng.permutation(np.tile(np.arange(length), 2))[: round(keep * length)])]
        hyp = np.where(rng.random(hyp.size) < 0.1, "x", hyp)
        hyps.append(" ".join(hyp))
        refs.append(" ".join(ref))
    whole = " ".join(rng.choice(list("abcdef"), size=6))  # so that there is a matched 4-gram
    return [*hyps, whole], [*refs, whole]


def log_sum_exp(row: np.ndarray) -> float:
    """Logarithm of the sum of the probabilities, 0 for a distribution."""
    return float(np.logaddexp.reduce(row.astype(np.float64)))


def random_ids(rng: np.random.Generator, tokenize: Callable[[str], list[int]], pairs: Pairs) -> list[int]:
    """A senseless prefix: the tokens of some sentences of both sides, shuffled."""
    known = [int(token) for source, target in pairs for token in (*tokenize(source), *tokenize(target))]
    return [int(token) for token in rng.permutation(known)[:9]]
