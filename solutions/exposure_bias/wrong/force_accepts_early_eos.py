"""force_decode stops at the first EOS, however many words are missing."""

import numpy as np


def force_decode(step_fn, init_state, bos_id, eos_id, length):
    if length < 0:
        raise ValueError("length must not be negative")
    state, token, words = init_state, bos_id, []
    while len(words) < length and token != eos_id:
        state, scores = step_fn(state, token)
        token = int(np.argmax(scores))
        words.append(token)
    return words if token == eos_id else [*words, eos_id]
