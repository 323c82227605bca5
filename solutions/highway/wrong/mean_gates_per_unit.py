"""mean_gates averages over the inputs only and keeps one number for each unit."""

import torch


class HighwayNetwork:
    def mean_gates(self, x):
        h, means = self.proj_in(x), []
        for layer in self.layers:
            means.append(layer.gates(h.reshape(-1, h.shape[-1])).mean(dim=0))
            h = layer(h)
        return torch.stack(means).detach() if means else h.new_zeros(0)
