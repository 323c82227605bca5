"""The loss lacks its minus: minimising it makes rewarded choices less likely."""

import torch


class ReinforceLoss:
    def forward(self, scores, index, reward, baseline=None):
        advantage = reward if baseline is None else reward - baseline
        log_p = scores.log_softmax(dim=-1)[torch.arange(len(index)), index]
        return (advantage.detach() * log_p).mean()
