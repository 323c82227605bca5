"""Public tests of mlm_smoothing: small cases to try your code on. They carry no points."""

import numpy as np
import pytest

COUNTS = np.array([[2.0, 1.0, 0.0], [0.0, 1.0, 1.0], [0.0, 0.0, 0.0]])


def test_p1_one_sentence(student):
    """The worked example of the handout: special, masked, random, kept and not selected."""
    inputs, labels = student.apply_mlm_noise(
        ids=np.array([[2, 17, 31, 8, 25]]),
        is_special=np.array([[True, False, False, False, False]]),
        u_select=np.array([[0.01, 0.10, 0.05, 0.12, 0.15]]),
        u_op=np.array([[0.50, 0.30, 0.85, 0.95, 0.20]]),
        random_ids=np.array([[40, 41, 42, 43, 44]]),
        mask_id=4,
    )
    np.testing.assert_array_equal(inputs, [[2, 4, 42, 8, 25]])
    np.testing.assert_array_equal(labels, [[-100, 17, 31, 8, -100]])


def test_p2_jelinek_mercer(student):
    """Row 0 was seen three times, row 2 never; lam is 1/2. A weight above 1 is refused."""
    smoothed = np.asarray(student.jelinek_mercer(COUNTS, 0.5))
    np.testing.assert_allclose(smoothed[0], [0.533333, 0.366667, 0.1], atol=1e-6)
    np.testing.assert_allclose(smoothed[2], [0.4, 0.4, 0.2], atol=1e-12)
    with pytest.raises(ValueError):
        student.jelinek_mercer(COUNTS, 1.5)


def test_p3_noise_is_interpolation(student):
    """Half of the contexts are replaced uniformly: expected counts, and the weights hidden in them."""
    uniform = np.full(3, 1 / 3)
    noised = student.expected_noised_counts(COUNTS, 0.5, uniform)
    np.testing.assert_allclose(np.asarray(noised)[0], [1.333333, 0.833333, 0.166667], atol=1e-6)
    weights = student.effective_lambda(COUNTS, 0.5, uniform)
    np.testing.assert_allclose(weights, [0.642857, 0.545455, 0.0], atol=1e-6)


def test_p4_posterior(student):
    """Token 2 is visible at a selected position; keep = rand = 0.1."""
    posterior = student.mlm_posterior(np.array([0.5, 0.3, 0.2]), 2, 0.1, 0.1)
    np.testing.assert_allclose(posterior, [0.3125, 0.1875, 0.5], atol=1e-12)


def test_p5_uniform_perplexity(student):
    """A model that knows nothing is as perplexed as its vocabulary is large."""
    value = student.perplexity(np.full((4, 4), 0.25), np.array([0, 3, 1, 1, 2]))
    np.testing.assert_allclose(value, 4.0, atol=1e-10)
