"""init is read as the shares themselves, and their logarithms become the scalars."""

import torch
from torch import nn


class ScalarMix:
    def __init__(self, n_layers, layer_norm=False, init=None):
        super().__init__()
        scalars = torch.zeros(n_layers) if init is None else torch.tensor(init).log()
        if len(scalars) != n_layers:
            raise ValueError("wrong number of scalars")
        self.layer_norm = layer_norm
        self.scalars = nn.Parameter(scalars)
        self.gamma = nn.Parameter(torch.ones(1))
