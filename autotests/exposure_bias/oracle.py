"""Independent answers for exposure_bias: fifty digits, torch, exponential races, matrix powers, histories.

A model here is a function of everything that was fed. Its state is that history, so a state that a student
loses, mixes up or makes up shows in the logits or is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from grader.judge.testing import as_array

History = tuple[int, ...]
Row = NDArray[np.float64]


class Model:
    """Logits as a function of all words fed so far; `fed` holds those of the latest student call."""

    def __init__(self, compute: Callable[[History], Row]) -> None:
        self.compute = compute
        self.fed: list[int] = []

    def start(self) -> tuple[Callable[[Any, Any], tuple[History, Row]], History]:
        """A fresh (step_fn, init_state) for one call of the student."""
        init_state: History = ()
        returned = {init_state}
        fed: list[int] = []
        self.fed = fed

        def step_fn(state: Any, token: Any) -> tuple[History, Row]:
            word = as_array(token, "the token passed to step_fn")
            assert word.shape == (), f"step_fn was called with a token of shape {word.shape}, not one number"
            assert word.dtype.kind in "iu", f"step_fn was called with a {word.dtype} token, not an integer"
            known = isinstance(state, tuple) and state in returned
            assert known, "step_fn was called with a state that it never returned"
            fed.append(int(word))
            history = (*state, int(word))
            returned.add(history)
            return history, self.compute(history)

        return step_fn, init_state


def random_model(rng: np.random.Generator, size: int, eos: int | None = None, eos_at: int = 0) -> Model:
    """Random logits for each history.

    With `eos`, EOS has the best score at step `eos_at` (1 for the first, -1 for all), elsewhere the worst.
    """
    seed = int(rng.integers(2**32))

    def compute(history: History) -> Row:
        # The length goes in because a seed sequence does not tell (1, 2) from (1, 2, 0).
        logits = np.random.default_rng((seed, len(history), *history)).normal(size=size)
        if eos is not None:
            ends = eos_at in (-1, len(history))
            logits[eos] = logits.max() + 1.0 if ends else logits.min() - 1.0
        return logits

    return Model(compute)


def masked_nll(logits: Row, target: NDArray[np.int64], pad_id: int) -> float:
    """torch's cross-entropy."""
    flat, words = torch.from_numpy(logits).flatten(0, 1), torch.from_numpy(target).flatten()
    return float(F.cross_entropy(flat, words, ignore_index=pad_id))


def decay(e: float, mu: float) -> float:
    """The definition in decimal arithmetic, whose exponents go far enough."""
    with localcontext(prec=50):
        pace = Decimal(mu)
        return float(pace / (pace + (Decimal(e) / pace).exp()))


def gumbel(u: Row) -> Row:
    """The definition in decimal arithmetic."""
    with localcontext(prec=50):
        values = [float(-(-Decimal(value).ln()).ln()) for value in u.ravel().tolist()]
    return np.array(values).reshape(u.shape)


def race(logits: Row, u: Row) -> NDArray[np.int64]:
    """The noisy argmax without Gumbel noise: word v arrives after an exponential time of rate exp(logit)."""
    return np.argmin(-np.log(u) * np.exp(-logits), axis=-1)


def best(logits: Row, but: int | None = None) -> int:
    """The best word, the lowest id among equals; `but` is out of the question."""
    words = [word for word in range(len(logits)) if word != but]
    return max(words, key=lambda word: (logits[word], -word))


def scheduled(
    model: Model, target: list[int], bos: int, p: float, u_mix: Row, u_gumbel: Row | None
) -> tuple[Row, list[int]]:
    """Logits and inputs, from growing histories instead of a state."""
    history: History = (bos,)
    for t, word in enumerate(target[:-1]):
        logits = model.compute(history)
        own = best(logits) if u_gumbel is None else int(race(logits, u_gumbel[t]))
        history = (*history, word if u_mix[t] < p else own)
    rows = [model.compute(history[: t + 1]) for t in range(len(target))]
    return np.array(rows), list(history)


def greedy(model: Model, bos: int, eos: int, max_len: int) -> list[int]:
    """Follow the best word."""
    history: History = (bos,)
    while len(history) <= max_len and (len(history) == 1 or history[-1] != eos):
        history = (*history, best(model.compute(history)))
    return list(history[1:])


def forced(model: Model, bos: int, eos: int, length: int) -> list[int]:
    """Follow the best word other than EOS."""
    history: History = (bos,)
    while len(history) <= length:
        history = (*history, best(model.compute(history), but=eos))
    return [*history[1:], eos]


def expected_errors(steps: int, eps_on: float, eps_off: float, teacher_forced: bool) -> float:
    """Powers of the transition matrix between right and wrong; teacher forcing repeats the first step."""
    transition = np.array([[1 - eps_on, eps_on], [1 - eps_off, eps_off]])
    powers = [1] * steps if teacher_forced else range(1, steps + 1)
    return float(sum(np.linalg.matrix_power(transition, power)[0, 1] for power in powers))
