"""Greedy search goes on after EOS until max_len."""

import numpy as np


def greedy_search(step_fn, bos_id, eos_id, max_len):
    tokens, raw = [], 0.0
    for _ in range(max_len):
        log_probs = step_fn(np.array([[bos_id, *tokens]]))[0]
        tokens.append(int(np.argmax(log_probs)))
        raw += float(log_probs[tokens[-1]])
    return tokens, raw
