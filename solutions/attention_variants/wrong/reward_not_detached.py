"""Gradients flow into the reward."""

import torch


class ReinforceLoss:
    def forward(self, scores, index, reward, baseline=None):
        advantage = reward if baseline is None else reward - baseline.detach()
        log_p = scores.log_softmax(dim=-1)[torch.arange(len(index)), index]
        return -(advantage * log_p).mean()
