"""Both ways of running a decoder: a closure hides the state, argmax picks words."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

StepFn = Callable[[Any, int], tuple[Any, np.ndarray]]


def _require(condition: Any, message: str) -> None:
    """ValueError unless the condition holds; a comparison with NaN does not hold."""
    if not condition:
        raise ValueError(message)


def _best(scores: np.ndarray) -> np.ndarray:
    """Argmax over the last axis as int64; numpy gives a tie to the lowest id."""
    return np.asarray(np.argmax(scores, axis=-1)).astype(np.int64)


def _stepper(step_fn: StepFn, state: Any) -> Callable[[int], np.ndarray]:
    """Hide the state: a function from the word fed to a private copy of the logits."""

    def feed(token: Any) -> np.ndarray:
        nonlocal state
        state, logits = step_fn(state, int(token))
        return np.array(logits, dtype=np.float64)

    return feed


def decoder_inputs(target: np.ndarray, bos_id: int) -> np.ndarray:
    """BOS, then all of the target but its last column."""
    target = np.asarray(target)
    _require(target.ndim == 2 and target.shape[1] > 0, "target must be (B, T) with T >= 1")
    inputs = np.full(target.shape, bos_id, dtype=np.int64)
    inputs[:, 1:] = target[:, :-1]
    return inputs


def masked_nll(logits: np.ndarray, target: np.ndarray, pad_id: int) -> float:
    """Mean of -log softmax(logits)[target] over the tokens that are not padding."""
    logits, target = np.asarray(logits, dtype=np.float64), np.asarray(target)
    _require(logits.ndim == 3 and logits.shape[:2] == target.shape, "logits (B, T, V) do not fit target")
    real = target != pad_id
    _require(real.any(), "nothing but padding")

    rows, words = logits[real], target[real].astype(np.int64)
    n = np.arange(len(rows))
    gap = rows - rows.max(axis=1, keepdims=True)
    cost = -gap[n, words]
    # The best word contributes exp(0) = 1 to the sum; log1p of the others keeps tiny losses exact.
    gap[n, gap.argmax(axis=1)] = -np.inf
    return float(np.mean(cost + np.log1p(np.exp(gap).sum(axis=1))))


def inverse_sigmoid_decay(e: float, mu: float) -> float:
    """mu / (mu + exp(e / mu)), or 0.0 where the exponential overflows."""
    e, mu = float(e), float(mu)
    _require(e >= 0, "e must not be negative")
    _require(mu > 0, "mu must be positive")
    try:
        return mu / (mu + math.exp(e / mu))
    except OverflowError:
        return 0.0


def gumbel_noise(u: np.ndarray) -> np.ndarray:
    """-log(-log u), with 0 and 1 moved to the nearest floats inside."""
    u = np.asarray(u, dtype=np.float64)
    _require(np.all((u >= 0) & (u <= 1)), "u must lie in [0, 1]")
    inside = np.clip(u, np.nextafter(0.0, 1.0), np.nextafter(1.0, 0.0))
    return np.asarray(-np.log(-np.log(inside)))


def word_oracle(logits: np.ndarray, u: np.ndarray | None = None, tau: float = 1.0) -> np.ndarray:
    """Argmax of the (noisy) logits; a positive tau is checked, but dividing by it could only round."""
    _require(tau > 0, "tau must be positive")
    scores = np.asarray(logits, dtype=np.float64)
    if u is not None:
        _require(np.shape(u) == scores.shape, "u and logits differ in shape")
        scores = scores + gumbel_noise(u)
    return _best(scores)


def mix_context(gold: np.ndarray, oracle: np.ndarray, p: float, u: np.ndarray) -> np.ndarray:
    """gold where the coin is below p, oracle elsewhere."""
    _require(0 <= p <= 1, "p must lie in [0, 1]")
    _require(np.shape(gold) == np.shape(oracle) == np.shape(u), "gold, oracle and u differ in shape")
    return np.where(np.asarray(u) < p, gold, oracle).astype(np.int64)


def scheduled_decode(
    step_fn: StepFn,
    init_state: Any,
    target: np.ndarray,
    bos_id: int,
    p: float,
    u_mix: np.ndarray,
    u_gumbel: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """T steps, each fed the reference or the oracle word of the step before, by a coin."""
    _require(0 <= p <= 1, "p must lie in [0, 1]")
    feed = _stepper(step_fn, init_state)
    inputs = [int(bos_id)]
    logits = [feed(bos_id)]
    for t, word in enumerate(target[:-1]):
        if not u_mix[t] < p:
            word = word_oracle(logits[t], None if u_gumbel is None else u_gumbel[t])
        inputs.append(int(word))
        logits.append(feed(word))
    return np.stack(logits), np.array(inputs, dtype=np.int64)


def greedy_decode(step_fn: StepFn, init_state: Any, bos_id: int, eos_id: int, max_len: int) -> list[int]:
    """Free running until EOS or max_len words."""
    _require(max_len >= 1, "max_len must be at least 1")
    feed, words = _stepper(step_fn, init_state), [bos_id]
    while len(words) <= max_len:
        words.append(int(_best(feed(words[-1]))))
        if words[-1] == eos_id:
            break
    return words[1:]


def force_decode(step_fn: StepFn, init_state: Any, bos_id: int, eos_id: int, length: int) -> list[int]:
    """`length` times the best word other than EOS, then EOS."""
    _require(length >= 0, "length must not be negative")
    feed, words = _stepper(step_fn, init_state), [bos_id]
    for _ in range(length):
        scores = feed(words[-1])
        scores[eos_id] = -np.inf
        words.append(int(_best(scores)))
    return [*words[1:], int(eos_id)]


def expected_errors(T: int, eps_on: float, eps_off: float, teacher_forced: bool) -> float:
    """Sum of the probabilities that word t is wrong, by the recursion over t."""
    _require(T >= 1, "T must be at least 1")
    _require(0 <= eps_on <= 1 and 0 <= eps_off <= 1, "probabilities must lie in [0, 1]")
    if teacher_forced:
        return float(T * eps_on)
    wrong, total = 0.0, 0.0
    for _ in range(T):
        wrong = (1 - wrong) * eps_on + wrong * eps_off
        total += wrong
    return float(total)
