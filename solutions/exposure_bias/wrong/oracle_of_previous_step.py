"""The oracle word comes from the logits of the step before."""

import numpy as np


def scheduled_decode(step_fn, init_state, target, bos_id, p, u_mix, u_gumbel=None):
    state, token, before = init_state, bos_id, None
    logits, inputs = [], []
    for t in range(len(target)):
        state, scores = step_fn(state, token)
        logits.append(scores)
        inputs.append(token)
        seen = scores if before is None else before
        own = int(word_oracle(seen, None if u_gumbel is None else u_gumbel[t]))  # noqa: F821  of the reference
        token, before = int(target[t]) if u_mix[t] < p else own, scores
    return np.array(logits), np.array(inputs)
