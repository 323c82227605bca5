"""The bias of the transform gate starts at 0, whatever gate_bias is."""

# ruff: noqa: F821 - the other names are those of the reference

from torch import nn


class HighwayLayer:
    def __init__(self, dim, activation="relu", gate_bias=-2.0, coupled=True):
        super().__init__()
        _check_size("dim", dim)
        self.activation = _activation(activation)
        self.transform = nn.Linear(dim, dim)
        self.gate = nn.Linear(dim, dim)
        nn.init.constant_(self.gate.bias, 0.0)
        self.carry = None if coupled else nn.Linear(dim, dim)
        if self.carry is not None:
            nn.init.constant_(self.carry.bias, -gate_bias)
