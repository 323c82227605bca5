"""Exhaustive search also counts sequences that reach max_len without EOS."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def exhaustive_search(step_fn, bos_id, eos_id, max_len, alpha=0.0, n_best=1):
    complete, stack = [], [([], 0.0)]
    while stack:
        tokens, raw = stack.pop()
        log_probs = step_fn(np.array([[bos_id, *tokens]]))[0]
        for token in np.flatnonzero(np.isfinite(log_probs)).tolist():
            longer, total = [*tokens, token], raw + float(log_probs[token])
            if token == eos_id or len(longer) == max_len:
                complete.append((longer, total / len(longer) ** alpha))
            else:
                stack.append((longer, total))
    return _best_first(complete)[:n_best]
