"""One prefix matrix and one score vector hold the beam; joint top-k grows it, an exact bound stops it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

StepFn = Callable[[NDArray[np.int64]], NDArray[np.float64]]
Hypothesis = tuple[list[int], float]  # tokens after BOS, score


def _ranked(hypotheses: list[Hypothesis]) -> list[Hypothesis]:
    return sorted(hypotheses, key=lambda hypothesis: -hypothesis[1])


def _normalised(prefix: NDArray[np.int64], raw: float, alpha: float) -> Hypothesis:
    """Take BOS off a prefix and divide its raw score by length**alpha."""
    tokens = prefix[1:].tolist()
    return tokens, float(raw) / len(tokens) ** alpha


def _extend(prefixes: NDArray[np.int64], parents, tokens) -> NDArray[np.int64]:
    """A new matrix: the chosen parents' rows, each with its token at the end."""
    return np.column_stack([prefixes[parents], tokens]).astype(np.int64)


def top_k_extensions(
    scores: NDArray[np.float64], log_probs: NDArray[np.float64], k: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """The k best finite sums scores[i] + log_probs[i, v], jointly over all i and v, best first."""
    scores = np.asarray(scores, dtype=np.float64)
    log_probs = np.asarray(log_probs, dtype=np.float64)
    if k < 1:
        raise ValueError("k must be at least 1")
    if scores.ndim != 1 or log_probs.ndim != 2 or len(scores) != len(log_probs):
        raise ValueError(f"shapes {scores.shape} and {log_probs.shape} are not (n,) and (n, V)")
    if np.isnan(scores).any() or np.isnan(log_probs).any():
        raise ValueError("NaN among the scores")

    sums = scores[:, None] + log_probs
    rows, columns = np.nonzero(np.isfinite(sums))
    candidates = sums[rows, columns]
    best = np.argsort(-candidates, kind="stable")[:k]
    return rows[best].astype(np.int64), columns[best].astype(np.int64), candidates[best]


def greedy_search(step_fn: StepFn, bos_id: int, eos_id: int, max_len: int) -> Hypothesis:
    """Always the most probable next token, until EOS or max_len; stops short where no token is possible."""
    tokens: list[int] = []
    raw = 0.0
    while len(tokens) < max_len and eos_id not in tokens[-1:]:
        row = np.asarray(step_fn(np.array([[bos_id, *tokens]], dtype=np.int64)))[0]
        choice = int(np.argmax(row))
        if row[choice] == -np.inf:
            break
        tokens.append(choice)
        raw += float(row[choice])
    return tokens, raw


def beam_search(
    step_fn: StepFn,
    bos_id: int,
    eos_id: int,
    beam_width: int,
    max_len: int,
    alpha: float = 0.0,
    n_best: int = 1,
) -> list[Hypothesis]:
    """The n_best hypotheses by normalised score that a beam finds: finished ones first, then live ones."""
    if beam_width < 1 or max_len < 1 or not alpha >= 0:
        raise ValueError("beam_width and max_len must be at least 1, alpha at least 0")
    if not 1 <= n_best <= beam_width:
        raise ValueError("n_best must lie between 1 and beam_width")

    live = np.array([[bos_id]], dtype=np.int64)
    raw = np.zeros(1)
    finished: list[Hypothesis] = []
    for _ in range(max_len):
        parents, tokens, sums = top_k_extensions(raw, step_fn(live), beam_width)
        grown = _extend(live, parents, tokens)
        ended = tokens == eos_id
        finished += [
            _normalised(prefix, score, alpha) for prefix, score in zip(grown[ended], sums[ended], strict=True)
        ]
        finished = _ranked(finished)[:n_best]  # the others can never be returned
        live, raw = grown[~ended], sums[~ended]
        if not len(live):
            break
        if len(finished) == n_best and finished[-1][1] >= raw.max() / max_len**alpha:
            break

    unfinished = _ranked([_normalised(prefix, score, alpha) for prefix, score in zip(live, raw, strict=True)])
    return (finished + unfinished)[:n_best]


def exhaustive_search(
    step_fn: StepFn, bos_id: int, eos_id: int, max_len: int, alpha: float = 0.0, n_best: int = 1
) -> list[Hypothesis]:
    """The n_best of all finished sequences, found breadth first, one call of step_fn for each length."""
    prefixes = np.array([[bos_id]], dtype=np.int64)
    raw = np.zeros(1)
    finished: list[Hypothesis] = []
    for _ in range(max_len):
        if not len(prefixes):
            break
        sums = raw[:, None] + np.asarray(step_fn(prefixes), dtype=np.float64)
        parents, tokens = np.nonzero(sums > -np.inf)
        raw = sums[parents, tokens]
        grown = _extend(prefixes, parents, tokens)
        ended = tokens == eos_id
        finished += [
            _normalised(prefix, score, alpha) for prefix, score in zip(grown[ended], raw[ended], strict=True)
        ]
        prefixes, raw = grown[~ended], raw[~ended]
    return _ranked(finished)[:n_best]
