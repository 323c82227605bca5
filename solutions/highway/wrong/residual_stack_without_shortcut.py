"""The residual stack of input_gradient_norm consists of F alone, without the shortcut."""

# ruff: noqa: F821 - the other names are those of the reference

from torch import nn


def _stack(kind, depth, dim, gate_bias):
    layers = {
        "plain": lambda: nn.Sequential(nn.Linear(dim, dim), nn.Tanh()),
        "highway": lambda: HighwayLayer(dim, "tanh", gate_bias),
        "residual": lambda: nn.Sequential(nn.Linear(dim, dim), nn.Tanh(), nn.Linear(dim, dim)),
    }
    if kind not in layers:
        raise ValueError(kind)
    return nn.Sequential(*(layers[kind]() for _ in range(depth)))
