"""input_gradient_norm puts the same layer into its stack again and again."""

# ruff: noqa: F821 - the other names are those of the reference

from torch import nn


def _stack(kind, depth, dim, gate_bias):
    layers = {
        "plain": lambda: nn.Sequential(nn.Linear(dim, dim), nn.Tanh()),
        "highway": lambda: HighwayLayer(dim, "tanh", gate_bias),
        "residual": lambda: ResidualLayer(dim, dim, "tanh"),
    }
    if kind not in layers:
        raise ValueError(kind)
    return nn.Sequential(*[layers[kind]()] * depth)
