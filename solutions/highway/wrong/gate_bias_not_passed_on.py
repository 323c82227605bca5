"""The network makes its layers with the default gate_bias."""

# ruff: noqa: F821 - the other names are those of the reference

from torch import nn


class HighwayNetwork:
    def __init__(self, in_dim, dim, depth, out_dim, activation="relu", gate_bias=-2.0):
        super().__init__()
        if depth < 0:
            raise ValueError(depth)
        self.proj_in = nn.Linear(in_dim, dim)
        self.layers = nn.ModuleList(HighwayLayer(dim, activation) for _ in range(depth))
        self.proj_out = nn.Linear(dim, out_dim)
