"""Test models and independent answers for beam search: plain tuples, full sorts, enumeration.

A model knows log P(next token | prefix) row by row and remembers what it has computed; `Model.step_fn()` is
what the student gets, and logs every call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from grader.judge.testing import as_array

MOST_ROWS = 1000  # far more than a level of the largest tree here; a beam that multiplies passes it soon
Prefix = tuple[int, ...]
Row = NDArray[np.float64]
Hypothesis = tuple[list[int], float]


class Model:
    """log P(next token | prefix) from a function of the prefix, memoised; `bos`, `eos`: the special ids."""

    def __init__(self, compute: Callable[[Prefix], Row], bos: int = 0, eos: int = 1) -> None:
        self.compute, self.bos, self.eos = compute, bos, eos
        self.rows: dict[Prefix, Row] = {}
        self.calls: list[NDArray[np.int64]] = []

    def row(self, prefix: Prefix) -> Row:
        """log P(next token | prefix), (V,)."""
        if prefix not in self.rows:
            self.rows[prefix] = self.compute(prefix)
        return self.rows[prefix]

    def step_fn(self) -> Callable[[NDArray[np.int64]], NDArray[np.float64]]:
        """A fresh function for one call of the student; `calls` holds the log of the latest one."""
        log: list[NDArray[np.int64]] = []
        self.calls = log

        def step_fn(prefixes: NDArray[np.int64]) -> NDArray[np.float64]:
            asked = as_array(prefixes, "the argument of step_fn")
            assert asked.ndim == 2, f"step_fn was called with shape {asked.shape}, not (n, t)"
            assert asked.dtype.kind in "iu" or asked.size == 0, f"step_fn was called with {asked.dtype} ids"
            assert len(asked) <= MOST_ROWS, f"step_fn was asked for {len(asked)} rows at once"
            log.append(asked)
            rows = [self.row(tuple(prefix)) for prefix in asked.tolist()]
            return np.array(rows).reshape(-1, self.row((self.bos,)).size)  # (n, V), also for n = 0

        return step_fn

    def raw_score(self, tokens: list[int]) -> float:
        """Sum of the log-probabilities of a token list after BOS."""
        prefix = (self.bos, *tokens)
        return sum(float(self.row(prefix[: i + 1])[token]) for i, token in enumerate(tokens))


def table_model(
    size: int, seed: int, temperature: float, eos_bias: float, bos: int = 0, eos: int = 1
) -> Model:
    """Random logits for each prefix, a function of (seed, prefix); BOS never follows anything.

    `eos_bias` is added to the logit of EOS; -inf makes EOS impossible.
    """

    return Model(partial(_table_row, size, seed, temperature, eos_bias, bos, eos), bos, eos)


# Every submission is asked about the same models: most of a judge's time would go into making them anew.
@lru_cache(maxsize=20_000)
def _table_row(
    size: int, seed: int, temperature: float, eos_bias: float, bos: int, eos: int, prefix: Prefix
) -> Row:
    # The length goes in because a seed sequence does not tell (1, 2) from (1, 2, 0).
    logits = temperature * np.random.default_rng((seed, len(prefix), *prefix)).normal(size=size)
    logits[bos] = -np.inf
    logits[eos] += eos_bias
    row = logits - np.logaddexp.reduce(logits)
    row.setflags(write=False)
    return row


def hand_model(probabilities: Callable[[Prefix], Mapping[int, float]], size: int) -> Model:
    """A model written down as P(token) for the tokens after BOS; what is not named is impossible."""

    def compute(prefix: Prefix) -> Row:
        row = np.full(size, -np.inf)
        for token, probability in probabilities(prefix[1:]).items():
            row[token] = np.log(probability)
        return row

    return Model(compute)


def dead_end_model(base: Model, last_step: int) -> Model:
    """`base`, but from step `last_step + 1` on every token is impossible."""
    return Model(
        lambda prefix: (
            base.row(prefix) if len(prefix) <= last_step else np.full_like(base.row(prefix), -np.inf)
        )
    )


def poisoned_model(base: Model, token: int) -> Model:
    """`base`, but every log-probability of `token` is NaN."""

    def compute(prefix: Prefix) -> Row:
        row = base.row(prefix).copy()
        row[token] = np.nan
        return row

    return Model(compute)


LATE_BLOOMER_STEPS = 7


def late_bloomer(rng: np.random.Generator) -> Model:
    """A model of 6 tokens, ids shuffled, that shows wrong ideas about stopping and about the beam's width.

    For B = 2, 7 steps and alpha = 1 (normalised scores in brackets, whatever the random data):
    * EOS at once (-0.8) and "a EOS" (-0.8) finish first; the second-best start of step 2, "a b", leads to
      "a b c d EOS" (-0.4). A search that stops for a wrong reason, or whose beam shrank, never gets there.
    * "c ...", third at step 1, would end still better (-0.3): only a beam that is too wide can follow it.
    With B = 1 EOS at once is the argmax, and going on with "a" looks better.
    """
    bos, eos, a, b, c, d = (int(token) for token in rng.permutation(6))
    base = table_model(6, int(rng.integers(2**32)), 1.2, 0.0, bos, eos)
    path: dict[Prefix, dict[int, float]] = {
        (): {eos: rng.uniform(0.44, 0.46), a: rng.uniform(0.39, 0.41), c: rng.uniform(0.115, 0.125)},
        (a,): {eos: rng.uniform(0.49, 0.51), b: rng.uniform(0.41, 0.43)},
    }
    for start, steps, low, high in [
        ((a, b), [c, d, eos], 0.92, 0.94),
        ((c,), [d, b, a, d, b, eos], 0.98, 0.99),
    ]:
        for i, token in enumerate(steps):
            path[(*start, *steps[:i])] = {token: rng.uniform(low, high)}

    def compute(prefix: Prefix) -> Row:
        named = path.get(prefix[1:])
        return base.row(prefix) if named is None else _fill(base.row(prefix), named)

    return Model(compute, bos, eos)


def _fill(row: Row, named: Mapping[int, float]) -> Row:
    """Give the named tokens their probabilities, and the others what is left in the proportions of `row`."""
    filled = np.exp(row)
    filled[list(named)] = 0.0
    filled *= (1.0 - sum(named.values())) / filled.sum()
    filled[list(named)] = list(named.values())
    with np.errstate(divide="ignore"):
        return np.log(filled)


def top_k(scores: Row, log_probs: NDArray[np.float64], k: int) -> tuple[list[int], list[int], list[float]]:
    """The k best (parent, token, sum) by sorting every finite sum."""
    sums = {
        (i, v): float(scores[i] + log_probs[i, v])
        for i in range(log_probs.shape[0])
        for v in range(log_probs.shape[1])
        if np.isfinite(scores[i] + log_probs[i, v])
    }
    best = sorted(sums, key=sums.__getitem__, reverse=True)[:k]
    return [i for i, _ in best], [v for _, v in best], [sums[pair] for pair in best]


def greedy(model: Model, max_len: int) -> Hypothesis:
    """Follow the argmax."""
    prefix: Prefix = (model.bos,)
    while len(prefix) <= max_len and prefix[-1] != model.eos:
        prefix = (*prefix, int(model.row(prefix).argmax()))
    tokens = list(prefix[1:])
    return tokens, model.raw_score(tokens)


def beam(
    model: Model, width: int, max_len: int, alpha: float = 0.0, n_best: int = 1, early_stop: bool = True
) -> tuple[list[Hypothesis], int]:
    """The binding definition on plain tuples; also the number of calls of step_fn."""
    live: list[tuple[float, Prefix]] = [(0.0, (model.bos,))]
    finished: list[tuple[float, Prefix]] = []
    steps = 0
    while live and steps < max_len:
        bound = max(raw for raw, _ in live) / max_len**alpha
        if early_stop and len(finished) >= n_best and sorted(finished)[-n_best][0] >= bound:
            break
        steps += 1
        extensions = [(raw + lp, (*prefix, v)) for raw, prefix in live for v, lp in _possible(model, prefix)]
        kept = sorted(extensions, reverse=True)[:width]
        finished += [(raw / steps**alpha, prefix) for raw, prefix in kept if prefix[-1] == model.eos]
        live = [extension for extension in kept if extension[1][-1] != model.eos]
    unfinished = [(raw / steps**alpha, prefix) for raw, prefix in live]
    ranked = sorted(finished, reverse=True) + sorted(unfinished, reverse=True)
    return [(list(prefix[1:]), score) for score, prefix in ranked[:n_best]], steps


def enumerate_best(model: Model, max_len: int, alpha: float, n_best: int) -> list[Hypothesis]:
    """The n_best of all sequences of at most max_len tokens that end in their first EOS."""
    complete = [
        (raw / (len(prefix) - 1) ** alpha, prefix)
        for raw, prefix in _complete(model, (model.bos,), 0.0, max_len)
    ]
    return [(list(prefix[1:]), score) for score, prefix in sorted(complete, reverse=True)[:n_best]]


def _possible(model: Model, prefix: Prefix) -> list[tuple[int, float]]:
    return [(v, lp) for v, lp in enumerate(model.row(prefix).tolist()) if lp > -np.inf]


def _complete(model: Model, prefix: Prefix, raw: float, max_len: int) -> Iterator[tuple[float, Prefix]]:
    for token, log_prob in _possible(model, prefix):
        if token == model.eos:
            yield raw + log_prob, (*prefix, token)
        elif len(prefix) < max_len:
            yield from _complete(model, (*prefix, token), raw + log_prob, max_len)
