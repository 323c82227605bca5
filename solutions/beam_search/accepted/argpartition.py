"""Vectorised: `argpartition` on the flattened (n * V) sums, `divmod`; the early stop tops the loop."""

from __future__ import annotations

import numpy as np


def top_k_extensions(scores, log_probs, k):
    """Partition first, sort only the k survivors."""
    scores, log_probs = np.asarray(scores, dtype=float), np.asarray(log_probs, dtype=float)
    if k < 1:
        raise ValueError("k must be at least 1")
    if scores.ndim != 1 or log_probs.ndim != 2 or scores.shape[0] != log_probs.shape[0]:
        raise ValueError("shapes disagree")
    flat = (scores[:, np.newaxis] + log_probs).reshape(-1)
    if np.isnan(flat).any():
        raise ValueError("NaN")
    k = min(k, int(np.isfinite(flat).sum()))
    if k == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    index = np.argpartition(flat, flat.size - k)[flat.size - k :]
    index = index[np.argsort(flat[index])[::-1]]
    parents, tokens = divmod(index, log_probs.shape[1])
    return parents, tokens, flat[index]


def greedy_search(step_fn, bos_id, eos_id, max_len):
    """B = 1 is greedy search, and alpha = 0 leaves the raw score."""
    return beam_search(step_fn, bos_id, eos_id, beam_width=1, max_len=max_len)[0]


def beam_search(step_fn, bos_id, eos_id, beam_width, max_len, alpha=0.0, n_best=1):
    """Finished hypotheses are kept as two parallel lists."""
    if beam_width < 1 or max_len < 1 or alpha < 0 or n_best < 1 or n_best > beam_width:
        raise ValueError("bad arguments")
    tokens, raw, done, done_scores = np.zeros((1, 0), np.int64), np.zeros(1), [], []
    for step in range(1, max_len + 1):
        best_finished = np.sort(done_scores)[::-1]
        if raw.size == 0 or (
            best_finished.size >= n_best and best_finished[n_best - 1] >= raw.max() / max_len**alpha
        ):
            break
        prefixes = np.insert(tokens, 0, bos_id, axis=1)
        parents, last, raw = top_k_extensions(raw, step_fn(prefixes), beam_width)
        tokens = np.concatenate([tokens[parents], last[:, None]], axis=1)
        for row, score in zip(tokens[last == eos_id], raw[last == eos_id], strict=True):
            done.append(row)
            done_scores.append(score / step**alpha)
        tokens, raw = tokens[last != eos_id], raw[last != eos_id]
    order = np.argsort(done_scores)[::-1]
    result = [(done[i].tolist(), done_scores[i]) for i in order]
    rest = [(row.tolist(), score / len(row) ** alpha) for row, score in zip(tokens, raw, strict=True)]
    return (result + rest)[:n_best]  # the rest is sorted already: equal lengths, falling raw scores


def exhaustive_search(step_fn, bos_id, eos_id, max_len, alpha=0.0, n_best=1):
    """Breadth first: all prefixes of one length in a single call."""
    prefixes, raw, complete = np.array([[bos_id]]), np.zeros(1), []
    for length in range(1, max_len + 1):
        if len(prefixes) == 0:
            break
        rows = np.asarray(step_fn(prefixes))
        parents, last = np.nonzero(np.isfinite(rows))
        prefixes = np.hstack([prefixes[parents], last.reshape(-1, 1)])
        raw = raw[parents] + rows[parents, last]
        for row, score in zip(prefixes[last == eos_id], raw[last == eos_id], strict=True):
            complete.append((row[1:].tolist(), float(score / length**alpha)))
        prefixes, raw = prefixes[last != eos_id], raw[last != eos_id]
    return sorted(complete, key=lambda pair: -pair[1])[:n_best]
