"""Independent answers for `highway`: numpy for values, torch's LSTM cell for derivatives.

An LSTM cell moves its state by c' = f * c + i * g. With input x, state c = x and no recurrent weights this is
a highway layer with tanh: i is T, f is C, g is H. In the coupled layer f = 1 - i, the sigmoid of minus the
transform gate's argument.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

Shapes = dict[str, tuple[int, ...]]
State = dict[str, Tensor]
Arrays = tuple[np.ndarray, ...]


# ---- shapes and random weights, under the names of the handout ----


def linear_shapes(name: str, in_dim: int, out_dim: int) -> Shapes:
    """The two entries of an nn.Linear."""
    return {f"{name}.weight": (out_dim, in_dim), f"{name}.bias": (out_dim,)}


def highway_shapes(dim: int, *, coupled: bool = True, prefix: str = "") -> Shapes:
    """Every entry of a HighwayLayer's state dict."""
    shapes: Shapes = {}
    for name in ("transform", "gate") if coupled else ("transform", "gate", "carry"):
        shapes |= linear_shapes(prefix + name, dim, dim)
    return shapes


def residual_shapes(dim: int, hidden: int) -> Shapes:
    """Every entry of a ResidualLayer's state dict."""
    return linear_shapes("fc1", dim, hidden) | linear_shapes("fc2", hidden, dim)


def network_shapes(in_dim: int, dim: int, depth: int, out_dim: int) -> Shapes:
    """Every entry of a HighwayNetwork's state dict."""
    shapes = linear_shapes("proj_in", in_dim, dim) | linear_shapes("proj_out", dim, out_dim)
    for index in range(depth):
        shapes |= highway_shapes(dim, prefix=f"layers.{index}.")
    return shapes


def random_state(rng: np.random.Generator, shapes: Shapes) -> State:
    """Weights of both signs, all well away from 0, so that no unit and no gate is idle."""
    return {
        name: torch.from_numpy(rng.uniform(0.3, 0.9, size=shape) * rng.choice([-1.0, 1.0], size=shape))
        for name, shape in shapes.items()
    }


# ---- values, in numpy ----


def highway(state: State, x: np.ndarray, activation: str) -> Arrays:
    """(y, T, H) of a highway layer; uncoupled if the state has a carry gate."""
    h, t = _act(_affine(state, "transform", x), activation), _logistic(_affine(state, "gate", x))
    if "carry.bias" not in state:
        return x + t * (h - x), t, h
    return t * h + _logistic(_affine(state, "carry", x)) * x, t, h


def residual(state: State, x: np.ndarray, activation: str) -> np.ndarray:
    """y of a residual layer."""
    return x + _affine(state, "fc2", _act(_affine(state, "fc1", x), activation))


def network(state: State, x: np.ndarray, depth: int, activation: str) -> Arrays:
    """(y, mean gates) of a HighwayNetwork."""
    h, means = _affine(state, "proj_in", x), np.zeros(depth)
    for index in range(depth):
        prefix = f"layers.{index}."
        layer = {name.removeprefix(prefix): w for name, w in state.items() if name.startswith(prefix)}
        h, gates, _ = highway(layer, h, activation)
        means[index] = gates.mean()
    return _affine(state, "proj_out", h), means


def residual_values(w: Tensor, b: Tensor, x: np.ndarray, activation: str) -> np.ndarray:
    """x + act(w x + b) in float64."""
    return x + _act(x @ w.double().numpy().T + b.double().numpy(), activation)


def _affine(state: State, name: str, x: np.ndarray) -> np.ndarray:
    return np.einsum("oi,...i->...o", state[f"{name}.weight"].numpy(), x) + state[f"{name}.bias"].numpy()


def _act(z: np.ndarray, activation: str) -> np.ndarray:
    return np.tanh(z) if activation == "tanh" else np.where(z > 0, z, 0.0)


def _logistic(z: np.ndarray) -> np.ndarray:
    return (1 + np.tanh(z / 2)) / 2


# ---- derivatives, by torch ----


def lstm_highway(state: State, x: Tensor) -> Tensor:
    """y of a coupled highway layer with tanh for x (n, d), as the new state of an LSTM cell."""
    w_t, b_t, w_h, b_h = (
        state[f"{name}.{kind}"] for name in ("gate", "transform") for kind in ("weight", "bias")
    )
    weight, bias = torch.cat([w_t, -w_t, w_h, w_h]), torch.cat([b_t, -b_t, b_h, b_h])  # i, f, g, o
    nothing = torch.zeros_like(weight), torch.zeros_like(bias)
    _, y = torch.lstm_cell(x, (torch.zeros_like(x), x), weight, nothing[0], bias, nothing[1])
    return y


def transform_gradient(state: State, x: Tensor, v: Tensor, activation: str) -> Tensor:
    """Gradient of sum(v * H(x)) at x."""
    x = x.clone().requires_grad_()
    act = {"relu": F.relu, "tanh": F.tanh}[activation]
    h = act(F.linear(x, state["transform.weight"], state["transform.bias"]))
    return torch.autograd.grad(h, x, v)[0]


def highway_jacobian(*arguments: np.ndarray) -> np.ndarray:
    """Reverse-mode autograd through the LSTM cell."""
    x, w_h, b_h, w_t, b_t = map(torch.from_numpy, arguments)
    state = {"transform.weight": w_h, "transform.bias": b_h, "gate.weight": w_t, "gate.bias": b_t}
    return torch.autograd.functional.jacobian(lambda z: lstm_highway(state, z[None])[0], x).numpy()


def residual_jacobian(*arguments: np.ndarray) -> np.ndarray:
    """Reverse-mode autograd through two linear maps."""
    x, w_1, b_1, w_2, b_2 = map(torch.from_numpy, arguments)

    def layer(z: Tensor) -> Tensor:
        return z + F.linear(F.tanh(F.linear(z, w_1, b_1)), w_2, b_2)

    return torch.autograd.functional.jacobian(layer, x).numpy()
