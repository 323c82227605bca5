"""greedy_decode returns the right words, but feeds the last one too."""

import numpy as np


def greedy_decode(step_fn, init_state, bos_id, eos_id, max_len):
    if max_len < 1:
        raise ValueError("max_len must be at least 1")
    state, scores = step_fn(init_state, bos_id)
    words = []
    while len(words) < max_len and eos_id not in words:
        words.append(int(np.argmax(scores)))
        state, scores = step_fn(state, words[-1])
    return words
