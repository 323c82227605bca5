"""Every sentence gets a mean of its own, and the loss is the mean of these."""

import numpy as np


def masked_nll(logits, target, pad_id):
    real = target != pad_id
    if logits.shape[:-1] != target.shape or not real.any():
        raise ValueError("shapes disagree or nothing but padding")
    scores = logits - logits.max(axis=-1, keepdims=True)
    log_probs = scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))
    losses = -np.take_along_axis(log_probs, target[..., None], axis=-1)[..., 0]
    return float(np.mean([losses[i][real[i]].mean() for i in range(len(target)) if real[i].any()]))
