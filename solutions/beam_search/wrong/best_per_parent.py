"""Each live hypothesis keeps only its own best extension; they do not compete jointly."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def beam_search(step_fn, bos_id, eos_id, beam_width, max_len, alpha=0.0, n_best=1):
    _check_arguments(beam_width, max_len, alpha, n_best)
    prefixes, scores, finished = np.array([[bos_id]]), np.zeros(1), []
    for _ in range(max_len):
        log_probs = step_fn(prefixes)
        best = np.where(log_probs < log_probs.max(axis=1, keepdims=True), -np.inf, log_probs)
        parents, tokens, scores = top_k_extensions(scores, best, beam_width)
        prefixes = np.column_stack([prefixes[parents], tokens])
        ended = tokens == eos_id
        finished += _normalised(prefixes[ended], scores[ended], alpha)
        prefixes, scores = prefixes[~ended], scores[~ended]
        if len(scores) == 0 or _may_stop(finished, scores, max_len, alpha, n_best):
            break
    return (_best_first(finished) + _best_first(_normalised(prefixes, scores, alpha)))[:n_best]
