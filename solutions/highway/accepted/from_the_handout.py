"""Written from the handout and the stub alone, whose docstrings are left out here."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

_ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {"relu": torch.relu, "tanh": torch.tanh}


def _check_sizes(**sizes: int) -> None:
    """Raise ValueError for a size below 1."""
    for name, size in sizes.items():
        if size < 1:
            raise ValueError(f"{name} must be at least 1, not {size}")


def _get_activation(name: str) -> Callable[[Tensor], Tensor]:
    """The function of that name; ValueError if there is none."""
    if name not in _ACTIVATIONS:
        raise ValueError(f"the activation must be one of {sorted(_ACTIVATIONS)}, not {name!r}")
    return _ACTIVATIONS[name]


def _check_width(x: Tensor, dim: int) -> None:
    """Raise ValueError if the last axis of x is not dim."""
    if x.ndim == 0 or x.shape[-1] != dim:
        raise ValueError(f"the last axis of x must be {dim}, but its shape is {tuple(x.shape)}")


class HighwayLayer(nn.Module):
    def __init__(
        self, dim: int, activation: str = "relu", gate_bias: float = -2.0, coupled: bool = True
    ) -> None:
        super().__init__()
        _check_sizes(dim=dim)
        self._act = _get_activation(activation)
        self._dim = dim
        self.transform = nn.Linear(dim, dim)
        self.gate = nn.Linear(dim, dim)
        nn.init.constant_(self.gate.bias, gate_bias)
        self.carry = None if coupled else nn.Linear(dim, dim)
        if self.carry is not None:
            nn.init.constant_(self.carry.bias, -gate_bias)

    def forward(self, x: Tensor) -> Tensor:
        transform_gate = self.gates(x)
        carry_gate = 1 - transform_gate if self.carry is None else torch.sigmoid(self.carry(x))
        return transform_gate * self._act(self.transform(x)) + carry_gate * x

    def gates(self, x: Tensor) -> Tensor:
        _check_width(x, self._dim)
        return torch.sigmoid(self.gate(x))


class ResidualLayer(nn.Module):
    def __init__(self, dim: int, hidden: int, activation: str = "relu", zero_init: bool = False) -> None:
        super().__init__()
        _check_sizes(dim=dim, hidden=hidden)
        self._act = _get_activation(activation)
        self._dim = dim
        self.fc1 = nn.Linear(dim, hidden)
        self.fc2 = nn.Linear(hidden, dim)
        if zero_init:
            nn.init.zeros_(self.fc2.weight)
            nn.init.zeros_(self.fc2.bias)

    def forward(self, x: Tensor) -> Tensor:
        _check_width(x, self._dim)
        return x + self.fc2(self._act(self.fc1(x)))


class HighwayNetwork(nn.Module):
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
        if depth < 0:
            raise ValueError(f"depth must be at least 0, not {depth}")
        self.proj_in = nn.Linear(in_dim, dim)
        self.layers = nn.ModuleList(HighwayLayer(dim, activation, gate_bias) for _ in range(depth))
        self.proj_out = nn.Linear(dim, out_dim)

    def forward(self, x: Tensor) -> Tensor:
        h = self.proj_in(x)
        for layer in self.layers:
            h = layer(h)
        return self.proj_out(h)

    def mean_gates(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            h = self.proj_in(x)
            means = h.new_zeros(len(self.layers))
            for i, layer in enumerate(self.layers):
                means[i] = layer.gates(h).mean()
                h = layer(h)
        return means


def _sigmoid(z: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-z)) that does not overflow."""
    return np.exp(-np.logaddexp(0.0, -z))


def highway_jacobian(
    x: np.ndarray, w_h: np.ndarray, b_h: np.ndarray, w_t: np.ndarray, b_t: np.ndarray
) -> np.ndarray:
    h = np.tanh(w_h @ x + b_h)
    t = _sigmoid(w_t @ x + b_t)
    through_h = (t * (1 - h**2))[:, None] * w_h
    through_t = ((h - x) * t * (1 - t))[:, None] * w_t
    return np.diag(1 - t) + through_h + through_t


def residual_jacobian(
    x: np.ndarray, w_1: np.ndarray, b_1: np.ndarray, w_2: np.ndarray, b_2: np.ndarray
) -> np.ndarray:
    h = np.tanh(w_1 @ x + b_1)
    return np.eye(len(x)) + w_2 @ ((1 - h**2)[:, None] * w_1)


def residual_as_highway(w: Tensor, b: Tensor) -> dict[str, Tensor]:
    # sigmoid(60) = 1 - 9e-27: both gates are as good as 1, whatever x is.
    open_gate = {"weight": torch.zeros_like(w), "bias": torch.full_like(b, 60.0)}
    maps = {"transform": {"weight": w, "bias": b}, "gate": open_gate, "carry": open_gate}
    return {
        f"{name}.{kind}": value.detach().clone()
        for name, affine in maps.items()
        for kind, value in affine.items()
    }


def input_gradient_norm(kind: str, depth: int, dim: int, *, gate_bias: float = -2.0, seed: int = 0) -> float:
    _check_sizes(depth=depth, dim=dim)
    make_layer: dict[str, Callable[[], nn.Module]] = {
        "plain": lambda: nn.Sequential(nn.Linear(dim, dim), nn.Tanh()),
        "highway": lambda: HighwayLayer(dim, "tanh", gate_bias),
        "residual": lambda: ResidualLayer(dim, dim, "tanh"),
    }
    if kind not in make_layer:
        raise ValueError(f"kind must be one of {sorted(make_layer)}, not {kind!r}")
    torch.manual_seed(seed)
    # In float64, for the squares of what forty layers leave are very small.
    stack = nn.Sequential(*(make_layer[kind]() for _ in range(depth))).double()
    x = torch.randn(16, dim, dtype=torch.float64, requires_grad=True)
    v = torch.randn(16, dim, dtype=torch.float64)
    (gradient,) = torch.autograd.grad((v * stack(x)).sum(), x)
    return float(gradient.norm() / v.norm())
