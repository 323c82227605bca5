"""Every step of greedy_decode starts from init_state again."""

import numpy as np


def greedy_decode(step_fn, init_state, bos_id, eos_id, max_len):
    if max_len < 1:
        raise ValueError("max_len must be at least 1")
    token, words = bos_id, []
    for _ in range(max_len):
        _, scores = step_fn(init_state, token)
        token = int(np.argmax(scores))
        words.append(token)
        if token == eos_id:
            break
    return words
