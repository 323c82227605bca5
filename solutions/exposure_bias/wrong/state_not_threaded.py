"""Every step of scheduled_decode starts from init_state again."""

import numpy as np


def scheduled_decode(step_fn, init_state, target, bos_id, p, u_mix, u_gumbel=None):
    token = bos_id
    logits, inputs = [], []
    for t in range(len(target)):
        _, scores = step_fn(init_state, token)
        logits.append(scores)
        inputs.append(token)
        own = int(word_oracle(scores, None if u_gumbel is None else u_gumbel[t]))  # noqa: F821  of the reference
        token = int(target[t]) if u_mix[t] < p else own
    return np.array(logits), np.array(inputs)
