"""The baseline is subtracted from the averaged gradient instead of from each reward."""

from torch import nn


def reinforce_grad(scores, samples, rewards, baseline=0.0):
    if len(samples) == 0:
        raise ValueError("no samples")
    p = scores.softmax(dim=0)
    return (rewards[:, None] * (nn.functional.one_hot(samples, len(p)) - p)).mean(dim=0) - baseline
