"""Of equally good words the decoders take the one with the highest id."""

import numpy as np


def greedy_decode(step_fn, init_state, bos_id, eos_id, max_len):
    if max_len < 1:
        raise ValueError("max_len must be at least 1")
    state, token, words = init_state, bos_id, []
    for _ in range(max_len):
        state, scores = step_fn(state, token)
        token = int(np.argsort(scores, kind="stable")[-1])
        words.append(token)
        if token == eos_id:
            break
    return words


def force_decode(step_fn, init_state, bos_id, eos_id, length):
    if length < 0:
        raise ValueError("length must not be negative")
    state, token, words = init_state, bos_id, []
    for _ in range(length):
        state, scores = step_fn(state, token)
        ranked = np.argsort(scores, kind="stable")
        token = int(ranked[ranked != eos_id][-1])
        words.append(token)
    return [*words, eos_id]
