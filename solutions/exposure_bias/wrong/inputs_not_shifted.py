"""The decoder is fed the very word that it has to predict: the target is not shifted."""

import numpy as np


def decoder_inputs(target, bos_id):
    if target.ndim != 2 or target.shape[1] == 0:
        raise ValueError("target must be (B, T)")
    return target.copy()


def scheduled_decode(step_fn, init_state, target, bos_id, p, u_mix, u_gumbel=None):
    state, own = init_state, bos_id
    logits, inputs = [], []
    for t in range(len(target)):
        inputs.append(int(target[t]) if u_mix[t] < p else own)
        state, scores = step_fn(state, inputs[t])
        logits.append(scores)
        own = int(word_oracle(scores, None if u_gumbel is None else u_gumbel[t]))  # noqa: F821  of the reference
    return np.array(logits), np.array(inputs)
