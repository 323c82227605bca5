"""The largest logit is subtracted from the caller's own array."""

import numpy as np


def masked_nll(logits, target, pad_id):
    real = target != pad_id
    if logits.shape[:-1] != target.shape or not real.any():
        raise ValueError("shapes disagree or nothing but padding")
    logits -= logits.max(axis=-1, keepdims=True)
    words, scores = target[real], logits[real]
    log_sums = np.log(np.exp(scores).sum(axis=1))
    return float((log_sums - scores[np.arange(len(words)), words]).mean())
