"""zero_init also zeroes fc1, so that fc2.weight gets no gradient and the layer cannot start to learn."""

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
            for parameter in self.parameters():
                nn.init.zeros_(parameter)
