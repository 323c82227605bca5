"""The largest logit is subtracted, but then the logarithm of a probability is taken that may be 0."""

import numpy as np


def masked_nll(logits, target, pad_id):
    real = target != pad_id
    if logits.shape[:-1] != target.shape or not real.any():
        raise ValueError("shapes disagree or nothing but padding")
    words, scores = target[real], logits[real]
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    with np.errstate(divide="ignore"):
        log_probs = np.log(weights / weights.sum(axis=1, keepdims=True))
    return float(-log_probs[np.arange(len(words)), words].mean())
