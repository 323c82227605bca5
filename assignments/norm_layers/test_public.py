"""Public tests of norm_layers: small cases to try your code on. They carry no points."""

import numpy as np
import pytest


def test_p1_layer_norm_of_one_token(student):
    """The worked example of the handout: mean 2.5, variance 1.25."""
    x = np.array([1.0, 2.0, 3.0, 4.0])
    y = student.layer_norm(x, np.ones(4), np.zeros(4))
    np.testing.assert_allclose(y, [-1.341635, -0.447212, 0.447212, 1.341635], atol=1e-6)


def test_p2_gamma_and_beta_come_after_normalising(student):
    """[1, 3] is normalised to about [-1, 1], then doubled, then raised by 3."""
    y = student.layer_norm(np.array([1.0, 3.0]), np.full(2, 2.0), np.full(2, 3.0))
    np.testing.assert_allclose(y, [1.00001, 4.99999], atol=1e-7)


def test_p3_batch_norm_centres_each_feature_at_beta(student):
    """After batch_norm_train every feature has batch mean beta."""
    x = np.array([[1.0, 20.0, -3.0], [2.0, 10.0, -1.0], [4.0, 0.0, 5.0], [7.0, -40.0, 2.0]])
    beta = np.array([0.5, -1.0, 2.0])
    y, _, _ = student.batch_norm_train(x, np.array([1.0, 2.0, -3.0]), beta, np.zeros(3), np.ones(3))
    np.testing.assert_allclose(np.mean(y, axis=0), beta, atol=1e-12)


def test_p4_running_statistics(student):
    """The batch [[1], [3]] has mean 2, biased variance 1 and unbiased variance 2; momentum is 0.1."""
    x = np.array([[1.0], [3.0]])
    _, mean, var = student.batch_norm_train(x, np.ones(1), np.zeros(1), np.zeros(1), np.ones(1))
    np.testing.assert_allclose(mean, [0.2], atol=1e-12)
    np.testing.assert_allclose(var, [1.1], atol=1e-12)


def test_p5_batch_of_one(student):
    """LayerNorm does not mind a batch of one; BatchNorm cannot train on it."""
    x = np.array([[1.0, 2.0, 3.0, 4.0]])
    y = student.layer_norm(x, np.ones(4), np.zeros(4))
    np.testing.assert_allclose(y, [[-1.341635, -0.447212, 0.447212, 1.341635]], atol=1e-6)
    with pytest.raises(ValueError):
        student.batch_norm_train(x, np.ones(4), np.zeros(4), np.zeros(4), np.ones(4))
