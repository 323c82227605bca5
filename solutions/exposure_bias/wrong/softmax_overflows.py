"""The softmax is computed without subtracting the largest logit, so exp overflows."""

import numpy as np


def masked_nll(logits, target, pad_id):
    real = target != pad_id
    if logits.shape[:-1] != target.shape or not real.any():
        raise ValueError("shapes disagree or nothing but padding")
    words, scores = target[real], logits[real]
    with np.errstate(all="ignore"):
        probabilities = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        return float(-np.log(probabilities[np.arange(len(words)), words]).mean())
