"""input_gradient_norm builds all its stacks with relu instead of tanh."""

# ruff: noqa: F821 - the other names are those of the reference

from torch import nn


def _stack(kind, depth, dim, gate_bias):
    layers = {
        "plain": lambda: nn.Sequential(nn.Linear(dim, dim), nn.ReLU()),
        "highway": lambda: HighwayLayer(dim, "relu", gate_bias),
        "residual": lambda: ResidualLayer(dim, dim, "relu"),
    }
    if kind not in layers:
        raise ValueError(kind)
    return nn.Sequential(*(layers[kind]() for _ in range(depth)))
