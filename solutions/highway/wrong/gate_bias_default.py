"""The bias of the transform gate keeps the initialisation of nn.Linear."""

# ruff: noqa: F821 - the other names are those of the reference

from torch import nn


class HighwayLayer:
    def __init__(self, dim, activation="relu", gate_bias=-2.0, coupled=True):
        super().__init__()
        _check_size("dim", dim)
        self.activation = _activation(activation)
        self.transform = nn.Linear(dim, dim)
        self.gate = nn.Linear(dim, dim)
        self.carry = None if coupled else nn.Linear(dim, dim)
        if self.carry is not None:
            nn.init.constant_(self.carry.bias, -gate_bias)
