"""The loss averages over the padding as well."""

import numpy as np


def masked_nll(logits, target, pad_id):
    if logits.shape[:-1] != target.shape or (target == pad_id).all():
        raise ValueError("shapes disagree or nothing but padding")
    scores = logits - logits.max(axis=-1, keepdims=True)
    log_probs = scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))
    return float(-np.take_along_axis(log_probs, target[..., None], axis=-1).mean())
