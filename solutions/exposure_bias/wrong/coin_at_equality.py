"""A coin equal to p takes the reference word, so p = 0 does not quite exclude it."""

import numpy as np


def mix_context(gold, oracle, p, u):
    if not 0 <= p <= 1 or not gold.shape == oracle.shape == u.shape:
        raise ValueError("p outside [0, 1] or shapes differ")
    return np.where(u <= p, gold, oracle)


def scheduled_decode(step_fn, init_state, target, bos_id, p, u_mix, u_gumbel=None):
    state, token = init_state, bos_id
    logits, inputs = [], []
    for t in range(len(target)):
        state, scores = step_fn(state, token)
        logits.append(scores)
        inputs.append(token)
        own = int(word_oracle(scores, None if u_gumbel is None else u_gumbel[t]))  # noqa: F821  of the reference
        token = int(target[t]) if u_mix[t] <= p else own
    return np.array(logits), np.array(inputs)
