"""Public tests of word2vec_efficient: small cases to try your code on. They carry no points."""

import numpy as np


def test_p1_noise_distribution(student):
    """16**0.75 is 8, 1**0.75 is 1, and a word that never occurs is never drawn."""
    noise = student.noise_distribution(np.array([16, 1, 0]))
    np.testing.assert_allclose(noise, [8 / 9, 1 / 9, 0], atol=1e-12)


def test_p2_sgns_loss(student):
    """The worked example of the handout: a target with dot product 1, two negatives with 0.5."""
    center = np.array([1.0, 0.0])
    outside = np.array([[0.5, 2.0], [1.0, -1.0], [0.5, 0.0], [3.0, 1.0]])
    loss, _, _ = student.sgns_loss_and_grads(center, outside, 1, np.array([0, 2]))
    np.testing.assert_allclose(loss, 2.261416, atol=1e-6)


def test_p3_huffman_code_lengths(student):
    """The worked example of the handout: counts 8, 4, 2, 1, 1."""
    codes, paths = student.huffman(np.array([8, 4, 2, 1, 1]))
    assert [len(code) for code in codes] == [1, 2, 3, 4, 4]
    assert [len(path) for path in paths] == [1, 2, 3, 4, 4]


def test_p4_hs_log_prob(student):
    """The worked example of the handout: left at a dot product of 0.5, then right at one of 1."""
    center = np.array([1.0, 0.0])
    inner = np.array([[1.0, 3.0], [2.0, 0.0], [0.5, -1.0]])
    log_prob = student.hs_log_prob(center, inner, [0, 1], [2, 0])
    np.testing.assert_allclose(log_prob, -1.787339, atol=1e-6)


def test_p5_target_is_never_a_negative(student):
    """100 negatives with seed 7: a vocabulary of three words, target 1."""
    ids = np.asarray(student.sample_negatives(np.array([0.25, 0.5, 0.25]), 100, 1, 7))
    assert ids.shape == (100,)
    assert set(ids.tolist()) <= {0, 2}
