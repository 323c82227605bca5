"""reinforce_grad returns the direction of descent."""

from torch import nn


def reinforce_grad(scores, samples, rewards, baseline=0.0):
    if len(samples) == 0:
        raise ValueError("no samples")
    p = scores.softmax(dim=0)
    return ((rewards - baseline)[:, None] * (p - nn.functional.one_hot(samples, len(p)))).mean(dim=0)
