"""An unknown kind is a KeyError instead of a ValueError."""

# ruff: noqa: F821 - the other names are those of the reference

from torch import nn


def _stack(kind, depth, dim, gate_bias):
    layers = {
        "plain": lambda: nn.Sequential(nn.Linear(dim, dim), nn.Tanh()),
        "highway": lambda: HighwayLayer(dim, "tanh", gate_bias),
        "residual": lambda: ResidualLayer(dim, dim, "tanh"),
    }
    return nn.Sequential(*(layers[kind]() for _ in range(depth)))
