"""Exhaustive search ranks by raw score, whatever alpha is."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def exhaustive_search(step_fn, bos_id, eos_id, max_len, alpha=0.0, n_best=1):
    complete, stack = [], [([], 0.0)]
    while stack:
        tokens, raw = stack.pop()
        log_probs = step_fn(np.array([[bos_id, *tokens]]))[0]
        for token in np.flatnonzero(np.isfinite(log_probs)).tolist():
            longer, total = [*tokens, token], raw + float(log_probs[token])
            if token == eos_id:
                complete.append((longer, total))
            elif len(longer) < max_len:
                stack.append((longer, total))
    return _best_first(complete)[:n_best]
