"""Public tests of position_embedding: small cases to try your code on. They carry no points."""

import numpy as np
import pytest


def test_p1_sinusoidal_pe(student):
    """The worked example of the handout: three positions, one fast and one slow pair."""
    expected = [
        [0.0, 1.0, 0.0, 1.0],
        [0.841471, 0.540302, 0.010000, 0.999950],
        [0.909297, -0.416147, 0.019999, 0.999800],
    ]
    np.testing.assert_allclose(student.sinusoidal_pe(3, 4), expected, atol=1e-6)


def test_p2_shift_by_nothing(student):
    """Moving a code by 0 positions leaves it as it is."""
    np.testing.assert_allclose(student.shift_matrix(4, 0), np.eye(4), atol=1e-12)


def test_p3_odd_width(student):
    """A sine needs its cosine."""
    with pytest.raises(ValueError):
        student.sinusoidal_pe(3, 5)


def test_p4_two_symmetries(student):
    """Mean pooling is invariant; the identity is equivariant, and not invariant."""
    X = np.array([[1.0, 5.0], [2.0, -3.0], [4.0, 0.5]])
    perm = np.array([1, 2, 0])
    assert student.is_permutation_invariant(lambda x: x.mean(axis=0), X, perm)
    assert student.is_permutation_equivariant(lambda x: x, X, perm)
    assert not student.is_permutation_invariant(lambda x: x, X, perm)


def test_p5_rope_of_one_pair(student):
    """The vector (1, 0) at position 1 is turned by one radian."""
    turned = student.rope(np.array([[1.0, 0.0]]), np.array([1]))
    np.testing.assert_allclose(turned, [[0.540302, 0.841471]], atol=1e-6)


def test_p6_first_and_last_token_are_equal(student):
    """The worked example of the handout: the tokens a, b, a, with and without a causal mask."""
    X, identity = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]), np.eye(2)
    plain = student.self_attention(X, identity, identity, identity)
    np.testing.assert_allclose(
        plain, [[0.802224, 0.197776], [0.496510, 0.503490], [0.802224, 0.197776]], atol=1e-6
    )
    causal = student.self_attention(X, identity, identity, identity, causal=True)
    np.testing.assert_allclose(causal, [[1.0, 0.0], [0.330238, 0.669762], [0.802224, 0.197776]], atol=1e-6)
