"""The oracle word of step t takes row t + 1 of the noise."""

import numpy as np


def scheduled_decode(step_fn, init_state, target, bos_id, p, u_mix, u_gumbel=None):
    state, token = init_state, bos_id
    logits, inputs = [], []
    for t in range(len(target)):
        state, scores = step_fn(state, token)
        logits.append(scores)
        inputs.append(token)
        row = min(t + 1, len(target) - 1)
        own = int(word_oracle(scores, None if u_gumbel is None else u_gumbel[row]))  # noqa: F821  of the reference
        token = int(target[t]) if u_mix[t] < p else own
    return np.array(logits), np.array(inputs)
