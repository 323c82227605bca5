"""Public tests of self_attention: small cases to try your code on. They carry no points."""

import numpy as np

TOKENS = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
IDENTITY = (np.eye(2), np.eye(2), np.eye(2))
CAUSAL = [[1.0, 0.0], [0.33024, 0.66976], [0.75174, 0.75174], [0.5, 0.5]]


def some_case(n, d_model, d_k, d_v):
    """A sentence and three weights; the seed is fixed, so that a failure comes back."""
    rng = np.random.default_rng(10)
    return tuple(
        rng.normal(size=shape) for shape in [(n, d_model), (d_model, d_k), (d_model, d_k), (d_model, d_v)]
    )


def test_p1_worked_example(student):
    """The worked example of the handout: no mask, causal mask, token by token, padding."""
    b, alpha = student.self_attention(TOKENS, *IDENTITY)
    np.testing.assert_allclose(alpha[0], [0.33488, 0.16512, 0.33488, 0.16512], atol=1e-5)
    np.testing.assert_allclose(b[0], [0.66976, 0.5], atol=1e-5)
    np.testing.assert_allclose(alpha[3], [0.25, 0.25, 0.25, 0.25], atol=1e-5)
    np.testing.assert_allclose(b[3], [0.5, 0.5], atol=1e-5)

    b, _ = student.self_attention(TOKENS, *IDENTITY, student.causal_mask(4))
    np.testing.assert_allclose(b, CAUSAL, atol=1e-5)

    stream = student.StreamingSelfAttention(*IDENTITY)
    np.testing.assert_allclose([stream.step(x_t) for x_t in TOKENS], CAUSAL, atol=1e-5)

    mask = np.asarray(student.padding_mask(np.array([2]), 4))
    np.testing.assert_array_equal(mask, [[[True, True, False, False]]])
    b, _ = student.self_attention(TOKENS[None], *IDENTITY, mask)
    np.testing.assert_allclose(b[0, :2], [[0.66976, 0.33024], [0.33024, 0.66976]], atol=1e-5)


def test_p2_weights_sum_to_one(student):
    """Shapes of a batch, and rows of alpha that sum to 1."""
    x, w_q, w_k, w_v = some_case(6, 4, 3, 5)
    b, alpha = student.self_attention(x.reshape(2, 3, 4), w_q, w_k, w_v)
    assert np.shape(b) == (2, 3, 5)
    assert np.shape(alpha) == (2, 3, 3)
    np.testing.assert_allclose(np.sum(alpha, axis=-1), np.ones((2, 3)), atol=1e-12)


def test_p3_loop_equals_matrix(student):
    """One by one or all at once: the same numbers."""
    case = some_case(6, 4, 3, 5)
    b, alpha = student.self_attention(*case)
    b_loop, alpha_loop = student.self_attention_loop(*case)
    np.testing.assert_allclose(b_loop, b, atol=1e-12)
    np.testing.assert_allclose(alpha_loop, alpha, atol=1e-12)


def test_p4_causal_mask(student):
    """Three tokens: the last one may look at all, the first one at itself only."""
    expected = [[True, False, False], [True, True, False], [True, True, True]]
    np.testing.assert_array_equal(student.causal_mask(3), expected)


def test_p5_gradient_of_one_weight(student):
    """dL/dw_k[1, 2] for L = sum(b): move this number a little up and down and see what L does."""
    x, w_q, w_k, w_v = some_case(6, 4, 3, 5)
    step = np.zeros_like(w_k)
    step[1, 2] = 1e-6
    up, _ = student.self_attention(x, w_q, w_k + step, w_v)
    down, _ = student.self_attention(x, w_q, w_k - step, w_v)
    gradients = student.self_attention_backward(np.ones((6, 5)), x, w_q, w_k, w_v)
    np.testing.assert_allclose(
        np.asarray(gradients["w_k"])[1, 2], np.sum(np.subtract(up, down)) / 2e-6, atol=1e-6
    )
