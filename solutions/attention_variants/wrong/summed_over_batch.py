"""Estimate and loss are sums over the draws, not means."""

import torch
from torch import nn


def reinforce_grad(scores, samples, rewards, baseline=0.0):
    if len(samples) == 0:
        raise ValueError("no samples")
    p = scores.softmax(dim=0)
    return ((rewards - baseline)[:, None] * (nn.functional.one_hot(samples, len(p)) - p)).sum(dim=0)


class ReinforceLoss:
    def forward(self, scores, index, reward, baseline=None):
        advantage = reward if baseline is None else reward - baseline
        log_p = scores.log_softmax(dim=-1)[torch.arange(len(index)), index]
        return -(advantage.detach() * log_p).sum()
