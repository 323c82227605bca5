"""The baseline is added to the rewards."""

from torch import nn


def reinforce_grad(scores, samples, rewards, baseline=0.0):
    if len(samples) == 0:
        raise ValueError("no samples")
    p = scores.softmax(dim=0)
    return ((rewards + baseline)[:, None] * (nn.functional.one_hot(samples, len(p)) - p)).mean(dim=0)
