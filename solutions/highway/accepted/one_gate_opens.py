"""The coupled layer as a step from x towards H, y = x + T * (H - x); torch modules in nn.Sequential."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn


def _act(name: str, x: Tensor) -> Tensor:
    match name:
        case "relu":
            return F.relu(x)
        case "tanh":
            return F.tanh(x)
    raise ValueError(f"no activation {name!r}")


def _at_least(least: int, **sizes: int) -> None:
    for name, size in sizes.items():
        if size < least:
            raise ValueError(f"{name} is {size}, less than {least}")


class _Layer(nn.Module):
    """What both layers check."""

    def __init__(self, dim: int, activation: str) -> None:
        super().__init__()
        _at_least(1, dim=dim)
        _act(activation, torch.zeros(1))
        self.dim, self.activation = dim, activation

    def act(self, x: Tensor) -> Tensor:
        return _act(self.activation, x)

    def check(self, x: Tensor) -> None:
        if x.shape[-1:] != (self.dim,):
            raise ValueError(f"x of shape {tuple(x.shape)} for a layer of width {self.dim}")


class HighwayLayer(_Layer):
    """x, moved towards H by the fraction T; with a carry gate the two parts are weighed apart."""

    def __init__(
        self, dim: int, activation: str = "relu", gate_bias: float = -2.0, coupled: bool = True
    ) -> None:
        super().__init__(dim, activation)
        self.coupled = coupled
        starts = {"transform": None, "gate": gate_bias} | ({} if coupled else {"carry": -gate_bias})
        for name, start in starts.items():
            linear = nn.Linear(dim, dim)
            if start is not None:
                linear.bias.data.fill_(start)
            self.add_module(name, linear)

    def gates(self, x: Tensor) -> Tensor:
        self.check(x)
        return self.gate(x).sigmoid()

    def forward(self, x: Tensor) -> Tensor:
        t = self.gates(x)
        h = self.act(self.transform(x))
        if self.coupled:
            return x + t * (h - x)
        return torch.addcmul(t * h, self.carry(x).sigmoid(), x)


class ResidualLayer(_Layer):
    """x + fc2(act(fc1(x)))."""

    def __init__(self, dim: int, hidden: int, activation: str = "relu", zero_init: bool = False) -> None:
        super().__init__(dim, activation)
        _at_least(1, hidden=hidden)
        self.fc1, self.fc2 = nn.Linear(dim, hidden), nn.Linear(hidden, dim)
        if zero_init:
            with torch.no_grad():
                for parameter in self.fc2.parameters():
                    parameter.mul_(0)

    def forward(self, x: Tensor) -> Tensor:
        self.check(x)
        return self.fc2(self.act(self.fc1(x))).add(x)


class HighwayNetwork(nn.Module):
    """proj_in, an nn.Sequential of highway layers, proj_out."""

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
        _at_least(0, depth=depth)
        self.proj_in = nn.Linear(in_dim, dim)
        self.layers = nn.Sequential(
            *[HighwayLayer(dim, activation, gate_bias=gate_bias) for _ in range(depth)]
        )
        self.proj_out = nn.Linear(dim, out_dim)

    def forward(self, x: Tensor) -> Tensor:
        return self.proj_out(self.layers(self.proj_in(x)))

    @torch.no_grad()
    def mean_gates(self, x: Tensor) -> Tensor:
        h = self.proj_in(x)
        means = torch.empty(len(self.layers), dtype=h.dtype)
        for index, layer in enumerate(self.layers):
            means[index] = layer.gates(h).mean()
            h = layer(h)
        return means


def highway_jacobian(
    x: np.ndarray, w_h: np.ndarray, b_h: np.ndarray, w_t: np.ndarray, b_t: np.ndarray
) -> np.ndarray:
    """Differentiates x + T * (H - x): the step counts the difference of two Jacobians, T the step's own."""
    h, t = np.tanh(w_h @ x + b_h), 0.5 + 0.5 * np.tanh((w_t @ x + b_t) / 2)
    dh = np.einsum("i,ij->ij", 1 - h * h, w_h)
    dt = np.einsum("i,ij->ij", t - t * t, w_t)
    identity = np.identity(x.size)
    return identity + np.diag(t) @ (dh - identity) + np.diag(h - x) @ dt


def residual_jacobian(
    x: np.ndarray, w_1: np.ndarray, b_1: np.ndarray, w_2: np.ndarray, b_2: np.ndarray
) -> np.ndarray:
    """1 on the diagonal, plus the product of three matrices."""
    slope = np.cosh(w_1 @ x + b_1) ** -2.0
    jacobian = w_2 @ np.diag(slope) @ w_1
    jacobian[np.diag_indices(x.size)] += 1
    return jacobian


def residual_as_highway(w: Tensor, b: Tensor) -> dict[str, Tensor]:
    """Both gates at sigmoid(30)."""
    layer = HighwayLayer(len(b), gate_bias=30.0, coupled=False)
    state = {name: torch.zeros_like(value) for name, value in layer.state_dict().items()}
    state["transform.weight"], state["transform.bias"] = w.clone(), b.clone()
    for gate in ("gate", "carry"):
        state[f"{gate}.bias"] += 30.0
    return state


def input_gradient_norm(kind: str, depth: int, dim: int, *, gate_bias: float = -2.0, seed: int = 0) -> float:
    """The inputs are drawn first, the layers afterwards."""
    if kind not in {"plain", "highway", "residual"}:
        raise ValueError(f"no kind {kind!r}")
    _at_least(1, depth=depth)
    torch.manual_seed(seed)
    v, x = torch.randn(16, dim), torch.randn(16, dim, requires_grad=True)
    y = x
    for _ in range(depth):
        if kind == "plain":
            y = nn.Linear(dim, dim)(y).tanh()
        elif kind == "highway":
            y = HighwayLayer(dim, "tanh", gate_bias)(y)
        else:
            y = ResidualLayer(dim, dim, "tanh")(y)
    (v * y).sum().backward()
    return (x.grad.square().sum() / v.square().sum()).sqrt().item()
