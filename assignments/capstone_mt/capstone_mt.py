"""A tiny translator, end to end: subwords, a Transformer, beam search, BLEU.

The note's last question breaks off: 「18. sad」. In its place stands a capstone: what the other questions
asked about one by one is put together into something that works.

    text ─> tokenizer ─> ids ─> encoder ─> decoder ─> log-probabilities ─> beam search ─> ids ─> text ─> BLEU

`train_translator` gets nothing but pairs of sentences, learns a vocabulary and a model from them, and returns
a `Translator`. The languages are those of `toy_language.py`, so small that a training takes seconds on one
core.

Throughout, logarithms are natural, and a *prefix* is the list of target ids so far, without the begin token.

Sources: Sennrich, Haddow and Birch 2016, "Neural Machine Translation of Rare Words with Subword Units"
(arXiv:1508.07909); Vaswani et al. 2017, "Attention Is All You Need" (arXiv:1706.03762); Papineni, Roukos,
Ward and Zhu 2002, "BLEU: a Method for Automatic Evaluation of Machine Translation" (ACL).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

# Sizes that are enough for both languages, and two helpers. They are given; change them, or do without.
PAD, BOS, EOS = 0, 1, 2  # padding, begin and end of a sentence
MERGES = 540  # of the byte pair encoding
WIDTH, HEADS, INNER, LAYERS = 64, 4, 128, 1  # of the encoder, and of the decoder
DROPOUT = 0.0  # so small a model does not overfit
LONGEST = 300  # tokens that have a position
BATCH, STEPS, WARMUP, PEAK_RATE = 64, 240, 30, 5e-3  # of the training, with Adam
MOST_NEW = 48  # tokens of a translation


def sinusoids() -> torch.Tensor:
    """A row of length 1 for each position, (LONGEST, WIDTH): sines and cosines as in position_embedding.

    As first values of learned position embeddings they halve the time of the training.
    """
    rates = 10_000 ** (-torch.arange(0, WIDTH, 2) / WIDTH)  # (WIDTH / 2,)
    angles = torch.arange(LONGEST)[:, None] * rates  # (LONGEST, WIDTH / 2)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1) * (2 / WIDTH) ** 0.5


def rate(step: int, steps: int) -> float:
    """Factor of the learning rate in step 0, ..., steps - 1: up to 1 in WARMUP steps, then straight to 0."""
    return min((step + 1) / WARMUP, 1 - step / steps)


def train_translator(
    pairs: list[tuple[str, str]],
    *,
    seed: int = 0,
    max_steps: int = 600,
    on_step: Callable[[int, float, int], None] | None = None,
) -> Translator:
    """Learn a joint vocabulary and a Transformer from pairs of sentences.

    The vocabulary is one byte-level byte pair encoding over both sides, and at least padding, begin and end.
    The model reads the source and predicts each target token, and the end, from those before it.

    Args:
        pairs: (source, target), at least one; there may be fewer of them than go into a step.
        seed: of all randomness. In one process, equal arguments give equal models, and another seed another.
        max_steps: at most so many optimiser steps, with at most 64 pairs each. A training may end earlier.
        on_step: called after each step as `on_step(step, loss, n_pairs)`: step = 1, 2, ..., the loss of the
            step as a finite number (mean cross-entropy in nats per token), and the number of pairs in it.

    Returns:
        The trained translator, in eval mode: nothing about it is random any more.

    Raises:
        ValueError: pairs is empty or max_steps is below 1; on_step has not been called then.
    """
    raise NotImplementedError


class Translator:
    """A vocabulary and a trained model, made by `train_translator`."""

    def __init__(self, tokenizer: Any, network: Any) -> None:
        """Keep what a training has made. Nobody but `train_translator` calls this: take what you need."""
        raise NotImplementedError

    def tokenize(self, text: str) -> list[int]:
        """Ids of any text, without special tokens. `detokenize` gives the text back, byte by byte.

        Common words are few tokens: a source word of the training's language takes at most 2.5 on average.
        The merges serve any text: source words run together ("dulakapen") take 0.75 tokens a letter at most.
        """
        raise NotImplementedError

    def detokenize(self, ids: Sequence[int]) -> str:
        """The text that ids spell. Special ids, wherever they stand, are dropped.

        Every sequence of ids gives a string: bytes that are no valid UTF-8 become U+FFFD.
        """
        raise NotImplementedError

    def vocab_size(self) -> int:
        """Number V of tokens, special ones included; ids are 0, ..., V - 1."""
        raise NotImplementedError

    def eos_id(self) -> int:
        """Id of the token that ends every translation."""
        raise NotImplementedError

    def next_logprobs(self, src: str, prefix: list[int]) -> list[float]:
        """Log-probabilities of all V tokens to come after `prefix` in a translation of `src`; exp sums to 1.

        Args:
            src: source sentence.
            prefix: target ids so far, without the begin token; may be empty, need not be sensible.
        """
        raise NotImplementedError

    def score_ids(self, src: str, ids: list[int]) -> float:
        """Log-probability of a whole translation: the sum over t of next_logprobs(src, ids[:t])[ids[t]].

        One pass of the decoder gives all of them (teacher forcing), if no position sees those after it.

        Args:
            src: source sentence.
            ids: target ids without the begin token, the end token last; its log-probability counts too.
        """
        raise NotImplementedError

    def nbest(self, src: str, beam: int) -> list[tuple[list[int], float]]:
        """Beam search for the translations of the highest log-probability, not normalised by length.

        A hypothesis that has got its end token is finished and never extended; after 48 tokens the search
        ends. With beam 1 this is greedy search: each token is the most probable one. A larger beam mostly
        finds something at least as good, but that is not guaranteed.

        Args:
            src: source sentence of up to 256 tokens; any text, also an empty one.
            beam: number of hypotheses kept in each step, up to 64.

        Returns:
            Up to `beam` different hypotheses, at least two for a beam above 1, as pairs (ids, score), by
            falling score. ids is without the begin token; it ends in the end token, or is 48 tokens long
            without one. score is what `score_ids` gives for ids.

        Raises:
            ValueError: beam is below 1.
        """
        raise NotImplementedError

    def translate(self, src: str, beam: int = 1) -> str:
        """The text of the best hypothesis of `nbest(src, beam)`. ValueError for a beam below 1."""
        raise NotImplementedError

    def translate_batch(self, srcs: list[str], beam: int = 1) -> list[str]:
        """`translate` of each source, at least one, in order. ValueError for a beam below 1.

        Sources of different lengths are padded to one; no translation may depend on the other sources.
        """
        raise NotImplementedError


def corpus_bleu(hyps: list[str], refs: list[str], max_n: int = 4) -> float:
    """BLEU of a whole corpus with one reference for each hypothesis (Papineni et al. 2002, section 2).

    Words are what white space separates (`str.split`). p_n is the number of n-grams of the hypotheses that
    are matched, divided by the number of their n-grams, both summed over the corpus *before* dividing. An
    n-gram of a hypothesis is matched at most as often as it occurs in its reference: counts are clipped. Then

        BLEU = BP * exp((log p_1 + ... + log p_N) / N),   N = max_n
        BP = 1 if c >= r else exp(1 - r / c)

    with c and r the numbers of words of all hypotheses and of all references. The brevity penalty BP stands
    in for recall: precision alone is best for a single safe word.

    Args:
        hyps: translations, at least one.
        refs: references, as many.
        max_n: length N of the longest n-grams.

    Returns:
        A number from 0 to 1. It is 0 when some p_n is 0 or has nothing to divide by, so also when c = 0.

    Raises:
        ValueError: hyps and refs differ in number or are empty, or max_n is below 1.
    """
    raise NotImplementedError
