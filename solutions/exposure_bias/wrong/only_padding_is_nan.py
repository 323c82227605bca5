"""A batch of nothing but padding has the loss NaN."""

import numpy as np


def masked_nll(logits, target, pad_id):
    if logits.shape[:-1] != target.shape:
        raise ValueError("shapes disagree")
    real = target != pad_id
    if not real.any():
        return float("nan")
    words, scores = target[real], logits[real]
    scores = scores - scores.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(scores).sum(axis=1))
    return float((log_sums - scores[np.arange(len(words)), words]).mean())
