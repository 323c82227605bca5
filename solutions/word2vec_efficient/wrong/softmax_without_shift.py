"""The full softmax takes exp of the logits as they are."""

import numpy as np


def softmax_loss_and_grads(center, outside, target):
    with np.errstate(all="ignore"):
        exps = np.exp(outside @ center)
        probabilities = exps / exps.sum()
        loss = -float(np.log(probabilities[target]))
    slopes = probabilities - (np.arange(len(outside)) == target)
    return loss, slopes @ outside, np.outer(slopes, center)
