"""Public tests of highway: small cases to try your code on. They carry no points."""

import numpy as np
import torch


def with_weights(layer, **weights):
    """The layer in float64 with the given weights; `gate_bias` stands for `gate.bias`, and so on."""
    layer.double()
    state = {name.replace("_", "."): torch.tensor(value).double() for name, value in weights.items()}
    layer.load_state_dict(state)
    return layer


def test_p1_gates_of_a_constant_gate(student):
    """With gate weights of 0 and the default bias of -2, T = sigmoid(-2) = 0.119203 everywhere."""
    layer = student.HighwayLayer(3)
    state = layer.state_dict()
    layer.load_state_dict(state | {"gate.weight": torch.zeros(3, 3)})
    with torch.no_grad():
        gates = layer.gates(torch.randn(4, 3))
    np.testing.assert_allclose(gates, np.full((4, 3), 0.119203), atol=1e-6)


def test_p2_shapes(student):
    """Layers keep the shape of x; the network changes the last axis only."""
    x = torch.randn(2, 3, 8)
    assert student.HighwayLayer(8)(x).shape == (2, 3, 8)
    assert student.HighwayLayer(8, "tanh", coupled=False)(x[0, 0]).shape == (8,)
    assert student.ResidualLayer(8, 5)(x).shape == (2, 3, 8)
    net = student.HighwayNetwork(8, 6, 2, 4)
    assert net(x).shape == (2, 3, 4)
    assert net.mean_gates(x).shape == (2,)


def test_p3_new_residual_layer_is_the_identity(student):
    """With zero_init, F is 0 at the start."""
    x = torch.randn(4, 6)
    with torch.no_grad():
        np.testing.assert_array_equal(student.ResidualLayer(6, 9, zero_init=True)(x), x)


def test_p4_open_gate_gives_h(student):
    """With a gate bias of +60 nothing but H(x) = tanh(transform(x)) is left."""
    layer, x = student.HighwayLayer(5, "tanh", gate_bias=60.0), torch.randn(4, 5)
    state = layer.state_dict()
    with torch.no_grad():
        h = torch.tanh(x @ state["transform.weight"].T + state["transform.bias"])
        np.testing.assert_allclose(layer(x), h, atol=1e-6)


def test_p5_layer_of_the_handout(student):
    """The worked example: H = [3, 2], T = 0.119203, and the residual layer x + H for comparison."""
    swap, zero = [[0.0, 1.0], [1.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]
    weights = {"transform_weight": swap, "transform_bias": [4.0, 0.0]}
    weights |= {"gate_weight": zero, "gate_bias": [-2.0, -2.0]}
    layer, x = with_weights(student.HighwayLayer(2), **weights), torch.tensor([2.0, -1.0]).double()
    eye = [[1.0, 0.0], [0.0, 1.0]]
    weights = {"fc1_weight": swap, "fc1_bias": [4.0, 0.0], "fc2_weight": eye, "fc2_bias": [0.0, 0.0]}
    residual = with_weights(student.ResidualLayer(2, 2), **weights)
    with torch.no_grad():
        np.testing.assert_allclose(layer(x), [2.119203, -0.642391], atol=1e-6)
        np.testing.assert_allclose(residual(x), [5.0, 1.0], atol=1e-6)


def test_p6_jacobians_of_width_one(student):
    """The worked example at x = 0.5, and the residual layer x + tanh(x) / 2 at the same place."""
    one = np.ones((1, 1))
    x, zero = np.array([0.5]), np.zeros(1)
    jacobian = student.highway_jacobian(x, one, zero, 2 * one, np.array([-1.0]))
    np.testing.assert_allclose(jacobian, [[0.874282]], atol=1e-6)
    step = (np.tanh(0.5001) - np.tanh(0.4999)) / 0.0002
    jacobian = student.residual_jacobian(x, one, zero, one / 2, zero)
    np.testing.assert_allclose(jacobian, [[1 + step / 2]], atol=1e-6)


def test_p7_gradient_through_copies(student):
    """Layers that copy their input lose nothing of the gradient."""
    ratio = student.input_gradient_norm("highway", 5, 4, gate_bias=-60.0)
    np.testing.assert_allclose(ratio, 1.0, atol=1e-5)
