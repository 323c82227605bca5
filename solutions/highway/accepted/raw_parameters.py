"""Raw parameters in small modules with the required names; Jacobians column by column."""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

SQUASH = {"relu": lambda z: z.clamp(min=0), "tanh": lambda z: 2 * torch.sigmoid(2 * z) - 1}


class _Affine(nn.Module):
    """What nn.Linear holds, drawn as nn.Linear draws it."""

    def __init__(self, n_in: int, n_out: int, bias: float | None = None) -> None:
        super().__init__()
        bound = 1 / math.sqrt(n_in)
        self.weight = nn.Parameter(torch.empty(n_out, n_in).uniform_(-bound, bound))
        start = torch.empty(n_out).uniform_(-bound, bound) if bias is None else torch.full((n_out,), bias)
        self.bias = nn.Parameter(start)


def _apply(affine: _Affine, x: Tensor) -> Tensor:
    return F.linear(x, affine.weight, affine.bias)


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)


class HighwayLayer(nn.Module):
    """Concatenated weights: one product for all gates and H."""

    def __init__(
        self, dim: int, activation: str = "relu", gate_bias: float = -2.0, coupled: bool = True
    ) -> None:
        super().__init__()
        _require(dim >= 1, "dim < 1")
        _require(activation in SQUASH, "unknown activation")
        self.dim, self.squash = dim, SQUASH[activation]
        self.transform, self.gate = _Affine(dim, dim), _Affine(dim, dim, float(gate_bias))
        if not coupled:
            self.carry = _Affine(dim, dim, -float(gate_bias))

    def _parts(self, x: Tensor) -> list[Tensor]:
        _require(x.shape[-1] == self.dim, "wrong width")
        parts = list(self.children())
        weight, bias = torch.cat([p.weight for p in parts]), torch.cat([p.bias for p in parts])
        h, *gates = F.linear(x, weight, bias).split(self.dim, dim=-1)
        return [self.squash(h), *map(torch.sigmoid, gates)]

    def gates(self, x: Tensor) -> Tensor:
        return self._parts(x)[1]

    def forward(self, x: Tensor) -> Tensor:
        h, t, *carry = self._parts(x)
        c = carry[0] if carry else 1.0 - t
        return c * x + t * h


class ResidualLayer(nn.Module):
    """A correction, added."""

    def __init__(self, dim: int, hidden: int, activation: str = "relu", zero_init: bool = False) -> None:
        super().__init__()
        _require(dim >= 1 and hidden >= 1, "dim and hidden must be at least 1")
        _require(activation in SQUASH, "unknown activation")
        self.dim, self.squash = dim, SQUASH[activation]
        self.fc1, self.fc2 = _Affine(dim, hidden), _Affine(hidden, dim)
        if zero_init:
            self.fc2.weight = nn.Parameter(torch.zeros(dim, hidden))
            self.fc2.bias = nn.Parameter(torch.zeros(dim))

    def forward(self, x: Tensor) -> Tensor:
        _require(x.shape[-1] == self.dim, "wrong width")
        return x + _apply(self.fc2, self.squash(_apply(self.fc1, x)))


class HighwayNetwork(nn.Module):
    """All states of the stream in one list."""

    def __init__(
        self,
        in_dim: int,
        dim: int,
        depth: int,
        out_dim: int,
        activation: str = "relu",
        gate_bias: float = -2.0,
    ) -> None:
        super().__init__()
        _require(depth >= 0, "depth < 0")
        self.proj_in, self.proj_out = _Affine(in_dim, dim), _Affine(dim, out_dim)
        self.layers = nn.ModuleList()
        while len(self.layers) < depth:
            self.layers.append(HighwayLayer(dim, activation, gate_bias))

    def _stream(self, x: Tensor) -> list[Tensor]:
        states = [_apply(self.proj_in, x)]
        for layer in self.layers:
            states.append(layer(states[-1]))
        return states

    def forward(self, x: Tensor) -> Tensor:
        return _apply(self.proj_out, self._stream(x)[-1])

    def mean_gates(self, x: Tensor) -> Tensor:
        states = self._stream(x)
        means = [layer.gates(h).mean() for layer, h in zip(self.layers, states, strict=False)]
        return torch.stack(means).detach() if means else states[0].detach().new_zeros(0)


def highway_jacobian(
    x: np.ndarray, w_h: np.ndarray, b_h: np.ndarray, w_t: np.ndarray, b_t: np.ndarray
) -> np.ndarray:
    """The derivatives along the axes are the columns."""
    h = np.tanh(w_h @ x + b_h)
    t = np.exp(-np.logaddexp(0.0, -(w_t @ x + b_t)))

    def along(direction: np.ndarray) -> np.ndarray:
        dh = (1 + h) * (1 - h) * (w_h @ direction)
        dt = t * (1 - t) * (w_t @ direction)
        return dt * h + t * dh - dt * x + (1 - t) * direction

    return np.stack([along(axis) for axis in np.eye(len(x))], axis=1)


def residual_jacobian(
    x: np.ndarray, w_1: np.ndarray, b_1: np.ndarray, w_2: np.ndarray, b_2: np.ndarray
) -> np.ndarray:
    """Likewise."""
    slope = 1 - np.tanh(w_1 @ x + b_1) ** 2
    return np.stack([axis + w_2 @ (slope * (w_1 @ axis)) for axis in np.eye(len(x))], axis=1)


def residual_as_highway(w: Tensor, b: Tensor) -> dict[str, Tensor]:
    """Gates that are 1 for float32."""
    state = {"transform.weight": w, "transform.bias": b}
    for name in ("gate", "carry"):
        state |= {f"{name}.weight": 0 * w, f"{name}.bias": 0 * b + 24}
    return state


def input_gradient_norm(kind: str, depth: int, dim: int, *, gate_bias: float = -2.0, seed: int = 0) -> float:
    """One layer at a time, then backwards from layer to layer."""
    _require(kind in ("plain", "highway", "residual"), "unknown kind")
    _require(depth > 0, "depth < 1")
    torch.manual_seed(seed)
    inputs, outputs = [], []
    x, v = torch.randn(16, dim), torch.randn(16, dim)
    for _ in range(depth):
        x = x.detach().requires_grad_()
        inputs.append(x)
        if kind == "plain":
            x = torch.tanh(_apply(_Affine(dim, dim), x))
        elif kind == "highway":
            x = HighwayLayer(dim, "tanh", gate_bias)(x)
        else:
            x = ResidualLayer(dim, dim, "tanh")(x)
        outputs.append(x)
    gradient = v
    for before, after in zip(reversed(inputs), reversed(outputs), strict=True):
        (gradient,) = torch.autograd.grad(after, before, gradient)
    return float(torch.linalg.norm(gradient) / torch.linalg.norm(v))
