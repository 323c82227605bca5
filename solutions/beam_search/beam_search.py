"""Beam search with exact stopping. The note asks: 「beam search的思想?」 What is the idea of beam search?

A model gives P(next token | prefix), so a sequence y has the raw score log P(y) = sum_t log P(y_t | y_<t).
There are V**T sequences of T tokens. Beam search grows its candidates together, one token a step, and keeps
only the B best of all their extensions. Two ends are known exactly: B = 1 is greedy search, and a beam so
wide that it never drops anything is exhaustive search. In between it is a heuristic: a larger B can return
a sequence that the model likes *less*.

The model is a function `step_fn(prefixes)`:

* `prefixes` is an int64 array (n, t): n prefixes of t token ids each, column 0 is BOS.
* It returns a float64 array (n, V): row i holds log P(next token | prefixes[i]), every entry <= 0. An
  impossible token has -inf.
* The same prefixes always give the same answer.

A hypothesis is the list of tokens after BOS. Its length counts them, EOS included, BOS not. Its normalised
score is `raw / length**alpha`. It is finished when its last token is EOS; a finished hypothesis is never
extended.

Sources: Graves 2012 (arXiv:1211.3711) and Sutskever, Vinyals and Le 2014 (arXiv:1409.3215) for beam search
over sequences; Wu et al. 2016 (arXiv:1609.08144), section 7, for length normalisation (there by
((5 + length) / 6)**alpha); Huang, Zhao and Ma 2017 (arXiv:1809.00069) for stopping without loss. Not here:
coverage penalties, sampling, several inputs at once.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

StepFn = Callable[[NDArray[np.int64]], NDArray[np.float64]]
Hypothesis = tuple[list[int], float]  # tokens after BOS, score


def top_k_extensions(
    scores: NDArray[np.float64], log_probs: NDArray[np.float64], k: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """The k best of all n * V ways to extend n hypotheses by one token, best first.

    scores:    float64 (n,), raw scores of the n hypotheses.
    log_probs: float64 (n, V), row i is log P(token | hypothesis i); -inf marks an impossible token.

    Extension (i, v) has the raw score `scores[i] + log_probs[i, v]`. All n * V of them compete *jointly*: one
    hypothesis may place several extensions and another none. Extensions whose sum is -inf are left out.

    Returns `(parents, tokens, new_scores)`, each of shape (m,) with m = min(k, number of finite sums):
    parents int64 (which hypothesis), tokens int64 (which token), new_scores float64, falling. Ties may come
    in any order.

    Raises ValueError if k < 1, if the shapes are not (n,) and (n, V), or if a NaN is present.

    Example: scores [0, -1], log_probs [[-1, -2, -inf], [-0.5, -3, -0.25]], k = 3 gives
    parents [0, 1, 1], tokens [0, 2, 0], new_scores [-1, -1.25, -1.5].
    """
    ### BEGIN SOLUTION
    scores, log_probs = np.asarray(scores, dtype=np.float64), np.asarray(log_probs, dtype=np.float64)
    if k < 1:
        raise ValueError(f"k is {k}, it must be at least 1")
    if scores.ndim != 1 or log_probs.ndim != 2 or len(scores) != len(log_probs):
        raise ValueError(f"scores {scores.shape} and log_probs {log_probs.shape} must be (n,) and (n, V)")
    if np.isnan(scores).any() or np.isnan(log_probs).any():
        raise ValueError("a score or a log-probability is NaN")
    sums = (scores[:, None] + log_probs).ravel()  # (n * V,)
    # Sorting the negated sums puts -inf last, so cutting to k and dropping -inf commute.
    best = np.argsort(-sums, kind="stable")[:k]  # (k,)
    best = best[np.isfinite(sums[best])]  # (m,)
    parents, tokens = np.divmod(best, log_probs.shape[1])
    return parents, tokens, sums[best]
    ### END SOLUTION


def greedy_search(step_fn: StepFn, bos_id: int, eos_id: int, max_len: int) -> Hypothesis:
    """Follow the most probable token at each step, until EOS (kept) or until there are max_len tokens.

    Calls `step_fn` once per token, each time with a single row: the prefix so far, BOS first.

    Returns `(tokens, raw_score)`: the token ids after BOS (a list of ints) and the sum of their
    log-probabilities.
    """
    ### BEGIN SOLUTION
    tokens: list[int] = []
    raw = 0.0
    for _ in range(max_len):
        log_probs = step_fn(np.array([[bos_id, *tokens]], dtype=np.int64))[0]  # (V,)
        best = int(np.argmax(log_probs))
        tokens.append(best)
        raw += float(log_probs[best])
        if best == eos_id:
            break
    return tokens, raw
    ### END SOLUTION


### BEGIN SOLUTION
def _check_arguments(beam_width: int, max_len: int, alpha: float, n_best: int) -> None:
    """Raise ValueError for a search that makes no sense."""
    if beam_width < 1 or max_len < 1:
        raise ValueError(f"beam_width is {beam_width} and max_len is {max_len}, both must be at least 1")
    if alpha < 0:
        # Longer hypotheses would be punished twice, and the bound of `_may_stop` would no longer hold.
        raise ValueError(f"alpha is {alpha}, it must not be negative")
    if not 1 <= n_best <= beam_width:
        raise ValueError(f"n_best is {n_best}, it must lie between 1 and beam_width = {beam_width}")


def _normalised(prefixes: NDArray[np.int64], scores: NDArray[np.float64], alpha: float) -> list[Hypothesis]:
    """Prefixes (n, 1 + length) and raw scores (n,) as hypotheses: no BOS, scores / length**alpha."""
    length = prefixes.shape[1] - 1
    return [(row[1:].tolist(), float(raw) / length**alpha) for row, raw in zip(prefixes, scores, strict=True)]


def _best_first(hypotheses: list[Hypothesis]) -> list[Hypothesis]:
    """Sorted by score, falling."""
    return sorted(hypotheses, key=lambda hypothesis: hypothesis[1], reverse=True)


def _may_stop(
    finished: list[Hypothesis], scores: NDArray[np.float64], max_len: int, alpha: float, n_best: int
) -> bool:
    """True once no descendant of a live hypothesis (raw scores (n,)) can enter the n_best finished ones.

    More tokens can only lower a raw score r <= 0, and the largest possible length**alpha lifts it the most.
    So r / max_len**alpha bounds the normalised score of everything that can still grow out of it.
    """
    if len(finished) < n_best:
        return False
    bound = float(scores.max()) / max_len**alpha
    return _best_first(finished)[n_best - 1][1] >= bound


### END SOLUTION


def beam_search(
    step_fn: StepFn,
    bos_id: int,
    eos_id: int,
    beam_width: int,
    max_len: int,
    alpha: float = 0.0,
    n_best: int = 1,
) -> list[Hypothesis]:
    """The n_best hypotheses that a beam of width B = beam_width finds, best first.

    Before step 1 one hypothesis is live, the empty one: its prefix is [BOS], a single row. Each of the steps
    t = 1, 2, ..., max_len does this:

    1. Call `step_fn` *once*, on the prefixes of all live hypotheses: an int64 array (n, t), no row twice.
    2. Keep the B best by *raw* score among all their extensions with a finite score (fewer if there are
       fewer), as `top_k_extensions` finds them.
    3. A kept extension that ends in EOS is finished: it goes to a pool and is never extended. It does use
       up one of the B places of this step, but the next step again keeps up to B.
    4. The other kept extensions are the live hypotheses of the next step.
    5. Stop if none is live, if t = max_len, or early: if at least n_best hypotheses are finished and the
       n_best-th best normalised score among them is
       >= max(raw score of a live hypothesis) / max_len**alpha.
       Log-probabilities are <= 0 and alpha >= 0, so the right-hand side bounds everything that could still
       come: stopping here changes nothing in the result, it only saves calls.

    Returns at most n_best pairs `(tokens, score)`, best first: the tokens after BOS (a list of ints, EOS
    included if there is one) and the normalised score `raw / len(tokens)**alpha` (a float). First come the
    finished hypotheses; if they are fewer than n_best, those still live at the end (no EOS) follow. Each of
    the two groups is sorted by normalised score, falling; a finished hypothesis always stands before an
    unfinished one. The list is empty if every extension was impossible. Ties may come in any order.

    Raises ValueError if beam_width < 1, max_len < 1, alpha < 0, n_best < 1 or n_best > beam_width, or if
    `step_fn` returns a NaN.
    """
    ### BEGIN SOLUTION
    _check_arguments(beam_width, max_len, alpha, n_best)
    prefixes = np.array([[bos_id]], dtype=np.int64)  # (n, t): one row per live hypothesis
    scores = np.zeros(1)  # (n,)
    finished: list[Hypothesis] = []
    for _ in range(max_len):
        parents, tokens, scores = top_k_extensions(scores, step_fn(prefixes), beam_width)  # (m,) each
        prefixes = np.column_stack([prefixes[parents], tokens])  # (m, t + 1)
        ended = tokens == eos_id
        finished += _normalised(prefixes[ended], scores[ended], alpha)
        prefixes, scores = prefixes[~ended], scores[~ended]
        if len(scores) == 0 or _may_stop(finished, scores, max_len, alpha, n_best):
            break
    # Unfinished ones count only where finished ones are missing: their scores lack the price of EOS.
    return (_best_first(finished) + _best_first(_normalised(prefixes, scores, alpha)))[:n_best]
    ### END SOLUTION


def exhaustive_search(
    step_fn: StepFn, bos_id: int, eos_id: int, max_len: int, alpha: float = 0.0, n_best: int = 1
) -> list[Hypothesis]:
    """What beam search approximates: the n_best finished sequences of all, found by looking at every one.

    Enumerates all sequences of at most max_len tokens that end in their first EOS, skipping tokens of
    log-probability -inf. Sequences without EOS do not count. There are about V**(max_len - 1) prefixes to
    ask for, so V and max_len must be tiny. `step_fn` may be called any number of times with any number of
    rows.

    Returns at most n_best pairs `(tokens, score)` like those of `beam_search`, by normalised score
    `raw / len(tokens)**alpha`, falling.
    """
    ### BEGIN SOLUTION
    complete: list[Hypothesis] = []

    def grow(tokens: list[int], raw: float) -> None:
        log_probs = step_fn(np.array([[bos_id, *tokens]], dtype=np.int64))[0]  # (V,)
        for token in np.flatnonzero(np.isfinite(log_probs)).tolist():
            longer, total = [*tokens, token], raw + float(log_probs[token])
            if token == eos_id:
                complete.append((longer, total / len(longer) ** alpha))
            elif len(longer) < max_len:
                grow(longer, total)

    grow([], 0.0)
    return _best_first(complete)[:n_best]
    ### END SOLUTION
