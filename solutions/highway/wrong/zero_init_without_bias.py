"""zero_init leaves the bias of fc2 as it is, so the new layer shifts its input."""

# ruff: noqa: F821 - the other names are those of the reference

from torch import nn


class ResidualLayer:
    def __init__(self, dim, hidden, activation="relu", zero_init=False):
        super().__init__()
        _check_size("dim", dim)
        _check_size("hidden", hidden)
        self.activation = _activation(activation)
        self.fc1 = nn.Linear(dim, hidden)
        self.fc2 = nn.Linear(hidden, dim)
        if zero_init:
            nn.init.zeros_(self.fc2.weight)
