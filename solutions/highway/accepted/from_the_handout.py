"""What is a highway network, and how does it differ from a residual network? (study note 17)

Both let a very deep stack start close to the identity, so that signals and gradients get through. They differ
in who decides how much of the input passes:

    plain      y = H(x)
    highway    y = T(x) * H(x) + C(x) * x       learnt gates between 0 and 1, another one for every x and unit
    residual   y = x + F(x)                     no gates: the shortcut is always open

T is the *transform* gate and C the *carry* gate. The usual, *coupled* layer has one gate only, C = 1 - T. At
T = 0 it copies its input, at T = 1 it is a plain layer without any shortcut. It is never a residual layer:
that would take both gates at 1.

"*" multiplies element by element. Modules are made in float32 and work in float64 after `.double()`. No
function changes its arguments.

Srivastava, Greff and Schmidhuber 2015, "Highway Networks" (arXiv:1505.00387) and "Training Very Deep
Networks" (arXiv:1507.06228); He et al. 2015, "Deep Residual Learning for Image Recognition"
(arXiv:1512.03385), and 2016, "Identity Mappings in Deep Residual Networks" (arXiv:1603.05027).
"""

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
    """A layer that learns, for every input and every unit, how far to transform and how far to copy.

        y = T * H + C * x          H = act(transform(x)),    T = sigmoid(gate(x)),
                                   C = 1 - T if coupled, else sigmoid(carry(x))

    Submodules: `transform` and `gate`, each an `nn.Linear(dim, dim)`, and `carry`, another one, only if the
    layer is not coupled. The state dict holds `transform.weight`, `transform.bias`, `gate.weight`, ... and
    nothing else. Srivastava et al. 2015, equations 2 and 3.
    """

    def __init__(
        self, dim: int, activation: str = "relu", gate_bias: float = -2.0, coupled: bool = True
    ) -> None:
        """Make the two or three affine maps.

        They keep the default initialisation of `nn.Linear`, but for two biases: every entry of `gate.bias`
        starts at gate_bias and every entry of `carry.bias` at -gate_bias. A negative gate_bias makes T small
        and C large, so a new layer nearly copies its input.

        Args:
            dim: width d of input and output, at least 1.
            activation: "relu" or "tanh", the nonlinearity of H.
            gate_bias: where the bias of the transform gate starts.
            coupled: whether C = 1 - T instead of a gate of its own.

        Raises:
            ValueError: dim < 1, or another activation.
        """
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
        """Map float (..., d) to float (..., d), with any number of leading axes, also none.

        Raises:
            ValueError: the last axis of x is not d.
        """
        transform_gate = self.gates(x)
        carry_gate = 1 - transform_gate if self.carry is None else torch.sigmoid(self.carry(x))
        return transform_gate * self._act(self.transform(x)) + carry_gate * x

    def gates(self, x: Tensor) -> Tensor:
        """The values of the transform gate, T = sigmoid(gate(x)).

        Some libraries call the *other* gate "the gate", and start it at a positive bias. Here it is T, which
        multiplies H.

        Args:
            x: float (..., d), the input of the layer.

        Returns:
            float (..., d), each value between 0 and 1.

        Raises:
            ValueError: the last axis of x is not d.
        """
        _check_width(x, self._dim)
        return torch.sigmoid(self.gate(x))


class ResidualLayer(nn.Module):
    """A layer that adds a correction to its input.

        y = x + fc2(act(fc1(x)))

    Nothing follows the addition (He et al. 2016; in the original ResNet of 2015 a ReLU did): a stack of such
    layers has a path from end to end along which nothing but additions happen.

    Submodules: `fc1`, an `nn.Linear(dim, hidden)`, and `fc2`, an `nn.Linear(hidden, dim)`. The state dict
    holds their weights and biases and nothing else.
    """

    def __init__(self, dim: int, hidden: int, activation: str = "relu", zero_init: bool = False) -> None:
        """Make the two affine maps, in the default initialisation of `nn.Linear`.

        Args:
            dim: width d of input and output, at least 1.
            hidden: width in the middle, at least 1.
            activation: "relu" or "tanh".
            zero_init: weight and bias of fc2 start at 0, and fc1 as always. A new layer is then exactly the
                identity, and yet fc2 gets a gradient and can learn.

        Raises:
            ValueError: dim < 1, hidden < 1, or another activation.
        """
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
        """Map float (..., d) to float (..., d), with any number of leading axes, also none.

        Raises:
            ValueError: the last axis of x is not d.
        """
        _check_width(x, self._dim)
        return x + self.fc2(self._act(self.fc1(x)))


class HighwayNetwork(nn.Module):
    """A stack of coupled highway layers between two affine maps.

        y = proj_out(layers[depth - 1](... layers[0](proj_in(x)) ...))

    A highway layer cannot change the width, for it copies its input; the two projections do that. There are
    no other nonlinearities and no other shortcuts.

    Submodules: `proj_in`, an `nn.Linear(in_dim, dim)`; `layers`, whose state dict entries are `layers.0.*`,
    `layers.1.*`, ... with the names of a coupled `HighwayLayer`; `proj_out`, an `nn.Linear(dim, out_dim)`.
    Nothing else.
    """

    def __init__(
        self,
        in_dim: int,
        dim: int,
        depth: int,
        out_dim: int,
        activation: str = "relu",
        gate_bias: float = -2.0,
    ) -> None:
        """Make the projections and the layers.

        Args:
            in_dim: width of the input.
            dim: width of the highway layers.
            depth: number of highway layers; 0 is allowed and leaves the two projections.
            out_dim: width of the output.
            activation: of every layer, "relu" or "tanh".
            gate_bias: of every layer.

        Raises:
            ValueError: depth < 0.
        """
        super().__init__()
        if depth < 0:
            raise ValueError(f"depth must be at least 0, not {depth}")
        self.proj_in = nn.Linear(in_dim, dim)
        self.layers = nn.ModuleList(HighwayLayer(dim, activation, gate_bias) for _ in range(depth))
        self.proj_out = nn.Linear(dim, out_dim)

    def forward(self, x: Tensor) -> Tensor:
        """Map float (..., in_dim) to float (..., out_dim), with any number of leading axes, also none."""
        h = self.proj_in(x)
        for layer in self.layers:
            h = layer(h)
        return self.proj_out(h)

    def mean_gates(self, x: Tensor) -> Tensor:
        """How far each layer transforms: the mean of its T over all inputs and all units.

        Layer i sees what the layers before it make of proj_in(x), just as in `forward`.

        Args:
            x: float (..., in_dim).

        Returns:
            float (depth,), of the dtype of the module, detached: it does not require a gradient. Shape (0,)
            for depth 0.
        """
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
    """The Jacobian of a coupled highway layer with tanh, at one input, in closed form.

        y = T * H + (1 - T) * x        H = tanh(w_h x + b_h),    T = sigmoid(w_t x + b_t)

    x acts on y three times: through the shortcut, through H and through T.

    Args:
        x: float64 (d,).
        w_h: float64 (d, d), laid out as in `nn.Linear`: the affine map is w_h @ x + b_h.
        b_h: float64 (d,).
        w_t: float64 (d, d), likewise.
        b_t: float64 (d,).

    Returns:
        float64 (d, d); [i, j] is dy_i / dx_j. A row is an output, a column an input.
    """
    h = np.tanh(w_h @ x + b_h)
    t = _sigmoid(w_t @ x + b_t)
    through_h = (t * (1 - h**2))[:, None] * w_h
    through_t = ((h - x) * t * (1 - t))[:, None] * w_t
    return np.diag(1 - t) + through_h + through_t


def residual_jacobian(
    x: np.ndarray, w_1: np.ndarray, b_1: np.ndarray, w_2: np.ndarray, b_2: np.ndarray
) -> np.ndarray:
    """The Jacobian of a residual layer with tanh, at one input, in closed form.

        y = x + w_2 tanh(w_1 x + b_1) + b_2

    Args:
        x: float64 (d,).
        w_1: float64 (hidden, d), laid out as in `nn.Linear`.
        b_1: float64 (hidden,).
        w_2: float64 (d, hidden).
        b_2: float64 (d,).

    Returns:
        float64 (d, d); [i, j] is dy_i / dx_j.
    """
    h = np.tanh(w_1 @ x + b_1)
    return np.eye(len(x)) + w_2 @ ((1 - h**2)[:, None] * w_1)


def residual_as_highway(w: Tensor, b: Tensor) -> dict[str, Tensor]:
    """Weights with which an *uncoupled* highway layer computes y = x + act(w x + b).

    No sigmoid is ever exactly 1, but it can come so close that nobody sees the difference.

    Args:
        w: float32 (d, d), laid out as in `nn.Linear`.
        b: float32 (d,).

    Returns:
        A complete state dict of `HighwayLayer(d, activation, coupled=False)`, float32, for either activation.
        The output differs from x + act(w x + b) by less than 1e-6 wherever all |x_i| <= 10, besides rounding:
        also when the layer with these weights computes in float64.
    """
    # sigmoid(60) = 1 - 9e-27: both gates are as good as 1, whatever x is.
    open_gate = {"weight": torch.zeros_like(w), "bias": torch.full_like(b, 60.0)}
    maps = {"transform": {"weight": w, "bias": b}, "gate": open_gate, "carry": open_gate}
    return {
        f"{name}.{kind}": value.detach().clone()
        for name, affine in maps.items()
        for kind, value in affine.items()
    }


def input_gradient_norm(kind: str, depth: int, dim: int, *, gate_bias: float = -2.0, seed: int = 0) -> float:
    """How much of a gradient survives on its way back through a new, untrained stack of layers.

    Calls `torch.manual_seed(seed)` first. Then it makes `depth` layers of width `dim` in the default
    initialisation of `nn.Linear` and draws x and v, each (16, dim), from a standard normal distribution. In
    which order the random numbers are drawn is free. With y the output of the stack for the input x, the
    result is

        ||g|| / ||v||        g = the gradient of sum(v * y) with respect to x,

    with the Frobenius norm, the root of the sum of all squares. 1 means that nothing is lost, 0 that nothing
    arrives.

    Args:
        kind: "plain", layers y = tanh(W x + b) with an nn.Linear(dim, dim); "highway", coupled highway layers
            with tanh; "residual", residual layers with tanh and hidden = dim.
        depth: number of layers, at least 1.
        dim: width of every layer.
        gate_bias: of every highway layer; the other two kinds have no use for it.
        seed: of all random numbers.

    Returns:
        The ratio as a Python float; the same arguments give the same number.

    Raises:
        ValueError: another kind, or depth < 1.
    """
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
