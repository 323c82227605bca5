"""Hidden tests of `highway`: 25 points.

Modules compute in float64 with weights from `oracle.random_state`, loaded strictly.
"""

from __future__ import annotations

from statistics import geometric_mean

import numpy as np
import pytest
import torch

from grader.judge.testing import as_array, assert_close, assert_equal, describe, grads, refuses

from . import oracle

ACTIVATIONS = ["relu", "tanh"]
LEADS = [(), (5,), (2, 3)]


def normal(rng, *shape):
    """A float64 tensor of standard normal numbers."""
    return torch.from_numpy(rng.normal(size=shape))


def with_weights(module, state):
    """A student's module in float64 with the given weights, loaded strictly."""
    module.double()
    module.load_state_dict(state)
    return module


def checked(value, shape, what):
    """The value itself, known to be a tensor of this shape."""
    assert isinstance(value, torch.Tensor), f"{what} is {describe(value)}, not a tensor"
    assert value.shape == shape, f"{what} has shape {tuple(value.shape)}, not {tuple(shape)}"
    return value


def state_of(module, shapes, what):
    """The module's state dict, known to have these names and shapes."""
    state = module.state_dict()
    lacks, extra = sorted(shapes.keys() - state.keys()), sorted(state.keys() - shapes.keys())
    assert not lacks + extra, f"the state dict of {what} lacks {lacks} and should not have {extra}"
    for name, shape in shapes.items():
        checked(state[name], shape, f"{name} of {what}")
    return state


@pytest.mark.points(2)
def test_t01_names_and_gate_biases(student):
    """Names and shapes in the state dicts of all modules; where the biases of the gates start."""
    d = 5
    for options, bias, what in [
        ({}, -2.0, "HighwayLayer(5)"),
        ({"gate_bias": 0.75}, 0.75, "HighwayLayer(5, gate_bias=0.75)"),
        ({"coupled": False}, -2.0, "HighwayLayer(5, coupled=False)"),
        ({"gate_bias": -3.5, "coupled": False}, -3.5, "HighwayLayer(5, gate_bias=-3.5, coupled=False)"),
    ]:
        coupled = options.get("coupled", True)
        state = state_of(student.HighwayLayer(d, **options), oracle.highway_shapes(d, coupled=coupled), what)
        assert_equal(state["gate.bias"], np.full(d, bias), what=f"gate.bias of {what}")
        if not coupled:
            assert_equal(state["carry.bias"], np.full(d, -bias), what=f"carry.bias of {what}")
    state_of(student.ResidualLayer(d, 3), oracle.residual_shapes(d, 3), "ResidualLayer(5, 3)")
    for options, bias, what in [
        ({}, -2.0, "HighwayNetwork(3, 5, 2, 4)"),
        ({"gate_bias": -1.5}, -1.5, "HighwayNetwork(3, 5, 2, 4, gate_bias=-1.5)"),
    ]:
        shapes = oracle.network_shapes(3, d, 2, 4)
        state = state_of(student.HighwayNetwork(3, d, 2, 4, **options), shapes, what)
        for name in ("layers.0.gate.bias", "layers.1.gate.bias"):
            assert_equal(state[name], np.full(d, bias), what=f"{name} of {what}")


@pytest.mark.points(3)
def test_t02_highway_forward(student, rng):
    """HighwayLayer, coupled: output and gates for x of one to three axes, both activations; gradients."""
    for activation in ACTIVATIONS:
        state = oracle.random_state(rng, oracle.highway_shapes(7))
        options = () if activation == "relu" else (activation,)
        layer = with_weights(student.HighwayLayer(7, *options), state)
        for lead in LEADS:
            x = normal(rng, *lead, 7)
            y, gates, _ = oracle.highway(state, x.numpy(), activation)
            where = f"for x of shape {tuple(x.shape)}, {activation}"
            assert_close(layer(x), y, what=f"the output {where}")
            assert_close(layer.gates(x), gates, what=f"gates {where}")

    x, v = normal(rng, 4, 7).requires_grad_(), normal(rng, 4, 7)
    twin, weights = x.detach().clone().requires_grad_(), {k: w.requires_grad_() for k, w in state.items()}
    y = checked(layer(x), x.shape, "the output for x of shape (4, 7), tanh")
    assert y.requires_grad, "the output does not depend differentiably on x and the parameters"
    y.backward(v)
    oracle.lstm_highway(weights, twin).backward(v)
    assert_close(x.grad, twin.grad, what="the gradient of x, tanh")
    expected = {name: weight.grad for name, weight in weights.items()}
    assert_close(grads(layer), expected, what="the gradients of the parameters, tanh")


@pytest.mark.points(3)
def test_t03_limits(student, rng):
    """HighwayLayer with gate biases of -60 and +60: a copy of x, then H(x) alone; so are the gradients."""
    for activation in ACTIVATIONS:
        state = oracle.random_state(rng, oracle.highway_shapes(5))
        layer = student.HighwayLayer(5, activation)
        for bias in (-60.0, 60.0):
            with_weights(layer, state | {"gate.bias": torch.full((5,), bias, dtype=torch.float64)})
            x, v = normal(rng, 6, 5).requires_grad_(), normal(rng, 6, 5)
            where = f"with gate biases of {bias:+.0f}, {activation}"
            y = checked(layer(x), x.shape, f"the output {where}")
            assert y.requires_grad, f"the output {where} does not depend differentiably on x"
            y.backward(v)
            if bias < 0:
                expected, gradient = x.detach(), v
            else:
                _, _, expected = oracle.highway(state, x.detach().numpy(), activation)
                gradient = oracle.transform_gradient(state, x.detach(), v, activation)
            assert_close(y, expected, rtol=0, atol=1e-12, what=f"the output {where}")
            assert_close(x.grad, gradient, what=f"the gradient of x {where}")


@pytest.mark.points(1)
def test_t04_between_copy_and_transform(student, rng):
    """HighwayLayer, coupled: every unit of the output lies between x and H(x)."""
    for activation in ACTIVATIONS:
        state = oracle.random_state(rng, oracle.highway_shapes(5))
        layer = with_weights(student.HighwayLayer(5, activation, coupled=True), state)
        x = 2 * normal(rng, 40, 5)
        y = checked(layer(x), x.shape, f"the output, {activation}").detach().numpy()
        h = oracle.highway(state, x.numpy(), activation)[2]
        low, high = np.minimum(x.numpy(), h), np.maximum(x.numpy(), h)
        outside = int(((y < low - 1e-12) | (y > high + 1e-12)).sum())
        assert not outside, (
            f"{outside} of {y.size} values of y lie outside the range from x to H, {activation}"
        )


@pytest.mark.points(2)
def test_t05_uncoupled(student, rng):
    """HighwayLayer, not coupled: output and gates; what changes when only the carry gate is another one."""
    for activation in ACTIVATIONS:
        state = oracle.random_state(rng, oracle.highway_shapes(5, coupled=False))
        layer = with_weights(student.HighwayLayer(5, activation, coupled=False), state)
        outputs, expected = [], []
        other = {"carry.weight": -state["carry.weight"], "carry.bias": 1 - state["carry.bias"]}
        x = normal(rng, 2, 3, 5)
        for weights in (state, state | other):
            with_weights(layer, weights)
            y, gates, _ = oracle.highway(weights, x.numpy(), activation)
            outputs.append(checked(layer(x), x.shape, f"the output, {activation}"))
            expected.append(y)
            assert_close(outputs[-1], y, what=f"the output, {activation}")
            assert_close(layer.gates(x), gates, what=f"gates, {activation}")
        what = f"the change of the output with the carry gate, {activation}"
        assert_close(outputs[1] - outputs[0], expected[1] - expected[0], what=what)


@pytest.mark.points(2)
def test_t06_residual_layer(student, rng):
    """ResidualLayer: both activations, x of one to three axes; zero_init is the identity and can learn."""
    for activation in ACTIVATIONS:
        state = oracle.random_state(rng, oracle.residual_shapes(5, 7))
        options = () if activation == "relu" else (activation,)
        layer = with_weights(student.ResidualLayer(5, 7, *options), state)
        for lead in LEADS:
            x = normal(rng, *lead, 5) - 1.0
            expected = oracle.residual(state, x.numpy(), activation)
            assert_close(layer(x), expected, what=f"the output for x of shape {tuple(x.shape)}, {activation}")

    x, v = normal(rng, 6, 5), normal(rng, 6, 5)
    layer = student.ResidualLayer(5, 7, "tanh", zero_init=True)
    layer.double()
    y = checked(layer(x), x.shape, "the output with zero_init=True")
    assert_equal(y, x, what="the output with zero_init=True")
    assert y.requires_grad, "the output with zero_init=True does not depend on the parameters"
    y.backward(v)
    gradients = grads(layer)
    for name in ("fc2.weight", "fc2.bias"):
        learns = gradients.get(name) is not None and bool(gradients[name].any())
        assert learns, f"with zero_init=True {name} gets no gradient"
    plain = student.ResidualLayer(5, 7)
    plain.double()
    y = checked(plain(x), x.shape, "the output with zero_init=False")
    assert not torch.equal(y.detach(), x), "a new layer with zero_init=False is the identity"


@pytest.mark.points(3)
def test_t07_highway_jacobian(student, rng):
    """highway_jacobian: five random layers of different width."""
    for d in (1, 2, 3, 5, 7):
        arguments = [rng.normal(size=shape) for shape in ((d,), (d, d), (d,), (d, d), (d,))]
        jacobian = student.highway_jacobian(*arguments)
        assert not student.last_call.changed, "highway_jacobian changed one of its arguments in place"
        assert_close(jacobian, oracle.highway_jacobian(*arguments), atol=1e-9, what=f"the Jacobian for d={d}")


@pytest.mark.points(2)
def test_t08_residual_jacobian(student, rng):
    """residual_jacobian: five random layers, hidden narrower and wider than d."""
    for d, hidden in ((1, 2), (2, 1), (3, 7), (5, 3), (7, 5)):
        arguments = [rng.normal(size=shape) for shape in ((d,), (hidden, d), (hidden,), (d, hidden), (d,))]
        jacobian = student.residual_jacobian(*arguments)
        assert not student.last_call.changed, "residual_jacobian changed one of its arguments in place"
        what = f"the Jacobian for d={d}, hidden={hidden}"
        assert_close(jacobian, oracle.residual_jacobian(*arguments), atol=1e-9, what=what)


@pytest.mark.points(1)
def test_t09_residual_as_highway(student, rng):
    """residual_as_highway: loaded into an uncoupled layer, x + act(w x + b) for |x| up to 10."""
    for activation in ACTIVATIONS:
        w, b = normal(rng, 5, 5).float(), normal(rng, 5).float()
        state = student.residual_as_highway(w, b)
        assert not student.last_call.changed, "residual_as_highway changed one of its arguments in place"
        assert isinstance(state, dict), f"residual_as_highway returned {describe(state)}, not a dict"
        layer = with_weights(student.HighwayLayer(5, activation, coupled=False), state)
        x = rng.uniform(-10.0, 10.0, size=(20, 5))
        x[:2] = np.array([[10.0], [-10.0]])
        expected = oracle.residual_values(w, b, x, activation)
        what = f"the output of the uncoupled layer, {activation}"
        assert_close(layer(torch.from_numpy(x)), expected, rtol=0, atol=1e-6, what=what)


# Kind, depth, width, options, number of seeds, and where the geometric mean of the ratio over the seeds lies.
# The logarithm of the ratio is close to normal; each range reaches 5.5 standard deviations or more, measured
# in 60 to 600 draws of a correct function, to both sides.
RANGES = [
    ("plain", 40, 32, {}, 1, (1e-12, 1e-8)),
    ("highway", 40, 32, {"gate_bias": -4.0}, 1, (0.42, 0.50)),
    ("highway", 40, 32, {"gate_bias": 2.0}, 1, (1e-14, 1e-9)),
    ("highway", 40, 32, {}, 1, (5e-3, 9e-3)),
    ("residual", 40, 32, {}, 1, (1.7, 4.4)),
    ("plain", 1, 128, {}, 1, (0.42, 0.525)),
    ("residual", 4, 128, {}, 8, (1.12, 1.178)),
]


@pytest.mark.points(2)
def test_t10_gradient_flow(student):
    """input_gradient_norm: what survives one, four and forty layers; repeatable by seed."""

    def ratio(kind, depth, dim, **options):
        value = as_array(student.input_gradient_norm(kind, depth, dim, **options), "input_gradient_norm")
        assert value.shape == (), f"input_gradient_norm returned values of shape {value.shape}, not a number"
        return float(value)

    for kind, depth, dim, options, n_seeds, (low, high) in RANGES:
        values = [ratio(kind, depth, dim, seed=seed, **options) for seed in range(n_seeds)]
        what = f"{depth} {kind} layer(s) of width {dim}" + "".join(f", {k}={v}" for k, v in options.items())
        assert min(values) > 0, f"nothing of the gradient arrives through {what}"
        mean = geometric_mean(values)
        assert low < mean < high, f"the ratio for {what} is {mean:.3g}, which random weights do not explain"
    what = "the ratio for highway layers with gate biases of -60, which copy their input"
    assert_close(ratio("highway", 3, 8, gate_bias=-60.0), 1.0, rtol=0, atol=1e-5, what=what)

    ratios = [ratio("highway", 1, 8, seed=seed) for seed in range(3)]
    assert len(set(ratios)) > 1, "three seeds give the same number"
    for options, what in [
        ({"seed": 0}, "the ratio of the same call for the second time"),
        ({}, "the ratio without a seed, which is 0 then"),
        ({"seed": 0, "gate_bias": -2.0}, "the ratio with gate_bias=-2, the default"),
    ]:
        assert_close(ratio("highway", 1, 8, **options), ratios[0], rtol=1e-5, what=what)


@pytest.mark.points(3)
def test_t11_network(student, rng):
    """HighwayNetwork: output and mean_gates for depths 0, 1 and 3, and for two values of gate_bias."""
    in_dim, dim, out_dim = 3, 5, 2
    for depth, activation, lead in [(0, "relu", (4,)), (1, "tanh", ()), (3, "relu", (2, 3))]:
        state = oracle.random_state(rng, oracle.network_shapes(in_dim, dim, depth, out_dim))
        options = () if activation == "relu" else (activation,)
        net = with_weights(student.HighwayNetwork(in_dim, dim, depth, out_dim, *options), state)
        x = normal(rng, *lead, in_dim)
        y, means = oracle.network(state, x.numpy(), depth, activation)
        where = f"with depth {depth}, {activation}, for x of shape {tuple(x.shape)}"
        assert_close(net(x), y, what=f"the output {where}")
        gates = checked(net.mean_gates(x), (depth,), f"mean_gates {where}")
        assert_close(gates, means, what=f"mean_gates {where}")
        assert not gates.requires_grad, f"mean_gates {where} is not detached"

    weights = oracle.random_state(rng, oracle.network_shapes(in_dim, dim, 1, out_dim))
    x, name = normal(rng, 7, in_dim), "layers.0.gate.bias"
    for gate_bias in (-4.0, 2.0):
        net = student.HighwayNetwork(in_dim, dim, 1, out_dim, gate_bias=gate_bias)
        with_weights(net, weights | {name: net.state_dict()[name]})
        fresh = weights | {name: torch.full((dim,), gate_bias, dtype=torch.float64)}
        _, expected = oracle.network(fresh, x.numpy(), 1, "relu")
        what = f"mean_gates with gate_bias={gate_bias} and the gate bias of a new network"
        assert_close(net.mean_gates(x), expected, what=what)


@pytest.mark.points(1)
def test_t12_errors(student):
    """ValueError for sizes below their least value, unknown activations and kinds, and another width of x."""

    for size in (0, -1):
        refuses(f"HighwayLayer({size})", student.HighwayLayer, size)
        refuses(f"ResidualLayer({size}, 3)", student.ResidualLayer, size, 3)
        refuses(f"ResidualLayer(3, {size})", student.ResidualLayer, 3, size)
        refuses(f"a plain stack of depth {size}", student.input_gradient_norm, "plain", size, 4)
    refuses("HighwayNetwork(3, 4, -1, 2)", student.HighwayNetwork, 3, 4, -1, 2)
    for name in ("gelu", "Tanh"):
        refuses(f"HighwayLayer(3, {name!r})", student.HighwayLayer, 3, name)
        refuses(f"ResidualLayer(3, 4, {name!r})", student.ResidualLayer, 3, 4, name)
        refuses(f"input_gradient_norm({name!r}, 2, 4)", student.input_gradient_norm, name, 2, 4)
    highway, residual = student.HighwayLayer(3), student.ResidualLayer(3, 4)
    for shape in [(2,), (4,), (1,), (3, 2), (3, 4), (3, 1)]:
        x = torch.ones(shape)
        refuses(f"HighwayLayer(3) called with x of shape {shape}", highway, x)
        refuses(f"gates of HighwayLayer(3) with x of shape {shape}", highway.gates, x)
        refuses(f"ResidualLayer(3, 4) called with x of shape {shape}", residual, x)

    for layer in (student.HighwayLayer(1), student.ResidualLayer(1, 1)):  # the least sizes are fine
        checked(layer(torch.ones(2, 1)), (2, 1), "the output of a layer of width 1")
