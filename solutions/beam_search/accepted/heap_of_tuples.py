"""Beam search with `heapq.nlargest` over plain Python tuples; hypotheses are lists of lists."""

from __future__ import annotations

import heapq
import math

import numpy as np


def top_k_extensions(scores, log_probs, k):
    """The k best extensions as three lists."""
    if k < 1 or np.ndim(scores) != 1 or np.ndim(log_probs) != 2 or len(scores) != len(log_probs):
        raise ValueError("k must be at least 1, scores (n,) and log_probs (n, V)")
    candidates = []
    for parent, (score, row) in enumerate(zip(scores, log_probs, strict=True)):
        for token, log_prob in enumerate(row):
            total = score + log_prob
            if math.isnan(total):
                raise ValueError("NaN")
            if total > -math.inf:
                candidates.append((total, parent, token))
    best = heapq.nlargest(k, candidates)
    return [c[1] for c in best], [c[2] for c in best], [c[0] for c in best]


def greedy_search(step_fn, bos_id, eos_id, max_len):
    """Argmax by a plain loop over the row."""
    prefix, raw = [bos_id], 0.0
    for _ in range(max_len):
        row = list(step_fn(np.array([prefix]))[0])
        token = row.index(max(row))
        prefix.append(token)
        raw += row[token]
        if token == eos_id:
            break
    return prefix[1:], raw


def beam_search(step_fn, bos_id, eos_id, beam_width, max_len, alpha=0.0, n_best=1):
    """Live hypotheses are pairs (raw score, prefix)."""
    if min(beam_width, max_len, n_best) < 1 or alpha < 0 or n_best > beam_width:
        raise ValueError("bad arguments")
    live, finished = [(0.0, [bos_id])], []
    for step in range(1, max_len + 1):
        rows = step_fn(np.array([prefix for _, prefix in live]))
        parents, tokens, sums = top_k_extensions([raw for raw, _ in live], rows, beam_width)
        kept = [(raw, [*live[p][1], v]) for p, v, raw in zip(parents, tokens, sums, strict=True)]
        finished += [(raw / step**alpha, prefix) for raw, prefix in kept if prefix[-1] == eos_id]
        live = [(raw, prefix) for raw, prefix in kept if prefix[-1] != eos_id]
        finished.sort(reverse=True)
        if not live:
            break
        if len(finished) >= n_best and finished[n_best - 1][0] >= max(live)[0] / max_len**alpha:
            break
    ranked = finished + sorted(((raw / step**alpha, prefix) for raw, prefix in live), reverse=True)
    return [(prefix[1:], score) for score, prefix in ranked[:n_best]]


def exhaustive_search(step_fn, bos_id, eos_id, max_len, alpha=0.0, n_best=1):
    """A stack instead of recursion."""
    stack, complete = [([bos_id], 0.0)], []
    while stack:
        prefix, raw = stack.pop()
        for token, log_prob in enumerate(step_fn(np.array([prefix]))[0]):
            if log_prob == -math.inf:
                continue
            if token == eos_id:
                complete.append(((raw + log_prob) / len(prefix) ** alpha, [*prefix[1:], token]))
            elif len(prefix) < max_len:
                stack.append(([*prefix, token], raw + log_prob))
    return [(tokens, score) for score, tokens in heapq.nlargest(n_best, complete)]
