"""Public tests of attention_variants: small cases to try your code on. They carry no points."""

import math

import numpy as np
import torch

P = torch.tensor([0.5, 0.3, 0.2], dtype=torch.float64)
Q = torch.tensor([[[1.0, 2.0, 0.0, -1.0]]], dtype=torch.float64)
K = torch.tensor([[[3.0, 1.0, 5.0, 1.0]]], dtype=torch.float64)


def test_p1_scores_of_one_query_and_one_key(student):
    """The worked example of the handout: 4, 4 / sqrt(4) and -34 / 8."""
    np.testing.assert_allclose(student.dot_score(Q, K), [[[4.0]]])
    np.testing.assert_allclose(student.scaled_dot_score(Q, K), [[[2.0]]])
    np.testing.assert_allclose(student.gaussian_score(Q, K, 2.0), [[[-4.25]]])


def test_p2_parameters_of_the_scorers(student):
    """Names and shapes of the parameters."""
    bilinear = student.BilinearScore(4, 6).state_dict()
    additive = student.AdditiveScore(4, 6, 8).state_dict()
    assert {name: tuple(value.shape) for name, value in bilinear.items()} == {"W": (4, 6)}
    shapes = {"W_q": (8, 4), "W_k": (8, 6), "v": (8,)}
    assert {name: tuple(value.shape) for name, value in additive.items()} == shapes


def test_p3_soft_weights_sum_to_one(student):
    """With and without a mask; here the mask hides the last key from both queries."""
    scores = torch.tensor([[[1.0, -2.0, 0.5], [0.0, 3.0, 3.0]]])
    values = torch.tensor([[[1.0], [2.0], [4.0]]])
    context, weights = student.soft_attention(scores, values)
    assert tuple(context.shape) == (1, 2, 1)
    np.testing.assert_allclose(weights.sum(-1), [[1.0, 1.0]], rtol=1e-6)
    _, weights = student.soft_attention(scores, values, torch.tensor([True, True, False]))
    np.testing.assert_allclose(weights.sum(-1), [[1.0, 1.0]], rtol=1e-6)
    np.testing.assert_array_equal(weights[..., 2], [[0.0, 0.0]])


def test_p4_exact_and_estimated_gradient(student):
    """The worked example of the handout: the three possible estimates, weighted by p, give the gradient."""
    rewards = torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64)
    exact = student.expected_reward_grad(P.log(), rewards)
    np.testing.assert_allclose(exact, [0.25, -0.15, -0.10], atol=1e-12)
    for baseline, estimates in [
        (0.0, [[0.5, -0.3, -0.2], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]),
        (0.5, [[0.25, -0.15, -0.1], [0.25, -0.35, 0.1], [0.25, 0.15, -0.4]]),
    ]:
        for choice, expected in enumerate(estimates):
            samples = torch.tensor([choice])
            estimate = student.reinforce_grad(P.log(), samples, rewards[samples], baseline)
            np.testing.assert_allclose(estimate, expected, atol=1e-12)


def test_p5_hard_attention_draws_the_second_key(student):
    """The worked example of the handout: u = 0.6 lies between 0.5 and 0.8."""
    values = torch.tensor([[[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]]], dtype=torch.float64)
    u = torch.tensor([0.6], dtype=torch.float64)
    context, index, log_prob = student.hard_attention(P.log()[None], values, u)
    assert index.tolist() == [1]
    np.testing.assert_allclose(context, [[2.0, 20.0]])
    np.testing.assert_allclose(log_prob, [math.log(0.3)])


def test_p6_the_loss_of_one_draw(student):
    """Choice 1 earned 2 where 0.5 was to be expected: -(2 - 0.5) log 0.3."""
    one = torch.ones(1, dtype=torch.float64)
    loss = student.ReinforceLoss()(P.log()[None], torch.tensor([1]), 2 * one, 0.5 * one)
    np.testing.assert_allclose(loss, -1.5 * math.log(0.3))


def test_p7_bound_and_marginal(student):
    """The worked example of the handout: likelihoods 0.8, 0.4 and 0.1, on average 0.54."""
    likelihoods = torch.tensor([0.8, 0.4, 0.1], dtype=torch.float64)
    bound, log_marginal = student.variational_bound(P.log(), likelihoods.log())
    np.testing.assert_allclose(bound, -0.846976, atol=1e-6)
    np.testing.assert_allclose(log_marginal, math.log(0.54), atol=1e-12)
