"""The target is shifted to the left: the decoder is fed the word after the one that it has to predict."""

import numpy as np


def decoder_inputs(target, bos_id):
    if target.ndim != 2 or target.shape[1] == 0:
        raise ValueError("target must be (B, T)")
    return np.hstack([target[:, 1:], np.full((len(target), 1), bos_id)])


def scheduled_decode(step_fn, init_state, target, bos_id, p, u_mix, u_gumbel=None):
    gold = [*target[1:].tolist(), bos_id]
    state, own = init_state, bos_id
    logits, inputs = [], []
    for t in range(len(target)):
        inputs.append(gold[t] if u_mix[t] < p else own)
        state, scores = step_fn(state, inputs[t])
        logits.append(scores)
        own = int(word_oracle(scores, None if u_gumbel is None else u_gumbel[t]))  # noqa: F821  of the reference
    return np.array(logits), np.array(inputs)
