"""mean_gates returns numbers that still require a gradient."""

import torch


class HighwayNetwork:
    def mean_gates(self, x):
        h, means = self.proj_in(x), []
        for layer in self.layers:
            means.append(layer.gates(h).mean())
            h = layer(h)
        return torch.stack(means) if means else h.new_zeros(0)
