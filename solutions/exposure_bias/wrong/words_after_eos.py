"""greedy_decode goes on after EOS until max_len."""

import numpy as np


def greedy_decode(step_fn, init_state, bos_id, eos_id, max_len):
    if max_len < 1:
        raise ValueError("max_len must be at least 1")
    state, token, words = init_state, bos_id, []
    for _ in range(max_len):
        state, scores = step_fn(state, token)
        token = int(np.argmax(scores))
        words.append(token)
    return words
