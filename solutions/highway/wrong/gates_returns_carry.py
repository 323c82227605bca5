"""The layer is right, but `gates` returns the carry gate, 1 - T."""

# ruff: noqa: F821 - the other names are those of the reference

import torch


class HighwayLayer:
    def forward(self, x):
        c = self.gates(x)
        h = self.activation(self.transform(x))
        return (1 - c) * h + (c if self.carry is None else torch.sigmoid(self.carry(x))) * x

    def gates(self, x):
        _check_width(x, self.gate.in_features)
        return 1 - torch.sigmoid(self.gate(x))
