"""The gradient of log p_s is taken to be onehot(s), without - p."""

from torch import nn


def reinforce_grad(scores, samples, rewards, baseline=0.0):
    if len(samples) == 0:
        raise ValueError("no samples")
    return ((rewards - baseline)[:, None] * nn.functional.one_hot(samples, len(scores))).mean(dim=0)
