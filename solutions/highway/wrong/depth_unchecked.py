"""A network of negative depth is taken for one of depth 0."""

# ruff: noqa: F821 - the other names are those of the reference

from torch import nn


class HighwayNetwork:
    def __init__(self, in_dim, dim, depth, out_dim, activation="relu", gate_bias=-2.0):
        super().__init__()
        self.proj_in = nn.Linear(in_dim, dim)
        self.layers = nn.ModuleList(HighwayLayer(dim, activation, gate_bias) for _ in range(depth))
        self.proj_out = nn.Linear(dim, out_dim)
