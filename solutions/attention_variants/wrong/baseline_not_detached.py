"""Gradients flow into the baseline."""

import torch


class ReinforceLoss:
    def forward(self, scores, index, reward, baseline=None):
        advantage = reward.detach() if baseline is None else reward.detach() - baseline
        log_p = scores.log_softmax(dim=-1)[torch.arange(len(index)), index]
        return -(advantage * log_p).mean()
