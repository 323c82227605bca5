"""Hidden tests of attention_variants: 26 points."""

from __future__ import annotations

import math
from contextlib import suppress

import numpy as np
import pytest
import torch

from grader.judge.testing import as_array, assert_close, assert_equal, describe, grads

from . import oracle

CHI2_DF4 = 38.24  # exceeded by a right sampler with probability 1e-7
JUST_BELOW_1 = 1 - 2**-53


def normal(rng, *shape):
    """A float64 tensor of standard normal numbers."""
    return torch.from_numpy(rng.normal(size=shape))


def uniform(rng, low, high, *shape):
    """A float64 tensor of uniform numbers."""
    return torch.from_numpy(rng.uniform(low, high, size=shape))


def random_mask(rng, *shape):
    """A bool mask; every row has a key that is allowed and one that is forbidden."""
    allowed = rng.random(shape) < 0.6
    first = rng.integers(shape[-1], size=shape[:-1])
    second = (first + rng.integers(1, shape[-1], size=shape[:-1])) % shape[-1]
    np.put_along_axis(allowed, first[..., None], True, axis=-1)
    np.put_along_axis(allowed, second[..., None], False, axis=-1)
    return torch.from_numpy(allowed)


def leaves(*tensors):
    """Copies that ask for a gradient."""
    return [tensor.detach().clone().requires_grad_() for tensor in tensors]


def differentiable(value, shape, what):
    """The value itself, known to be a tensor of this shape that a gradient can start from."""
    assert isinstance(value, torch.Tensor), f"{what}: {describe(value)} instead of a tensor"
    assert value.shape == shape, f"{what}: shape {tuple(value.shape)}, not {tuple(shape)}"
    assert value.requires_grad, f"{what}: no gradient flows from here to the parameters and inputs"
    return value


def several(result, count, name):
    """The result as so many values."""
    assert isinstance(result, tuple | list), f"{name} returned {describe(result)}, not {count} values"
    assert len(result) == count, f"{name} returned {len(result)} values, not {count}"
    return result


def with_parameters(module, **parameters):
    """A student's scorer in float64 with the given parameters, which must be all that it has."""
    names, expected = set(module.state_dict()), set(parameters)
    assert names == expected, f"the parameters are {sorted(names)}, not {sorted(expected)}"
    for name, value in module.state_dict().items():
        shape, wanted = tuple(value.shape), tuple(parameters[name].shape)
        assert shape == wanted, f"{name} has shape {shape}, not {wanted}"
    module.double()
    module.load_state_dict(parameters)
    return module


def assert_gradients(module, formula, q, k, parameters):
    """Gradients of a scorer in its parameters, in q and in k are those of autograd through `formula`."""
    given, twins = leaves(q, k), leaves(q, k, *parameters.values())
    expected = formula(*twins)
    direction = torch.linspace(-1, 2, expected.numel(), dtype=torch.float64).reshape(expected.shape)
    expected.backward(direction)
    scores = differentiable(module(*given), expected.shape, "the scores")
    scores.backward(direction)
    for name, tensor, twin in zip("qk", given, twins, strict=False):
        assert_close(tensor.grad, twin.grad, atol=1e-9, what=f"the gradient of {name}")
    wanted = {name: twin.grad for name, twin in zip(parameters, twins[2:], strict=True)}
    assert_close(grads(module), wanted, atol=1e-9, what="the gradients of parameters")


def assert_refused(what, function, *arguments):
    """The call raises ValueError."""
    with suppress(ValueError):
        function(*arguments)
        raise AssertionError(f"no ValueError for {what}")


@pytest.mark.points(2)
def test_t01_dot_scores(student, rng):
    """dot_score and scaled_dot_score: two widths, Lq != Lk; keys of another width are refused."""
    for width in [3, 7]:
        q, k = normal(rng, 2, 4, width), normal(rng, 2, 5, width)
        expected = oracle.dot(q, k)
        assert_close(student.dot_score(q, k), expected, what=f"dot_score, width {width}")
        scaled = student.scaled_dot_score(q, k)
        assert_close(scaled, expected / math.sqrt(width), what=f"scaled_dot_score, width {width}")
        for other in [1, width - 1, width + 1]:
            keys = normal(rng, 2, 5, other)
            for name in ["dot_score", "scaled_dot_score"]:
                assert_refused(
                    f"queries of width {width} and keys of width {other}", getattr(student, name), q, keys
                )


@pytest.mark.points(2)
def test_t02_bilinear_score(student, rng):
    """BilinearScore: name and shape of W, scores for d_q != d_k and d_q = d_k, W = I, all gradients."""
    for d_q, d_k in [(4, 6), (5, 5)]:
        q, k, W = normal(rng, 2, 3, d_q), normal(rng, 2, 5, d_k), normal(rng, d_q, d_k)
        module = with_parameters(student.BilinearScore(d_q, d_k), W=W)
        where = f"with d_q={d_q}, d_k={d_k}"
        assert_close(module(q, k), oracle.bilinear(q, k, W), what=f"the scores {where}")
        assert_gradients(module, oracle.bilinear, q, k, {"W": W})
    identity = with_parameters(student.BilinearScore(5, 5), W=torch.eye(5, dtype=torch.float64))
    assert_close(identity(q, k), oracle.dot(q, k), what="the scores with W = I")


@pytest.mark.points(3)
def test_t03_additive_score(student, rng):
    """AdditiveScore: exactly the parameters W_q, W_k and v, and the scores for d_q != d_k."""
    q, k = normal(rng, 2, 3, 4), normal(rng, 2, 5, 6)
    parameters = {"W_q": normal(rng, 7, 4), "W_k": normal(rng, 7, 6), "v": normal(rng, 7)}
    module = with_parameters(student.AdditiveScore(4, 6, 7), **parameters)
    assert_close(module(q, k), oracle.additive(q, k, *parameters.values()), what="the scores")


@pytest.mark.points(1)
def test_t04_additive_score_gradients(student, rng):
    """AdditiveScore: the gradients of W_q, W_k, v, q and k."""
    q, k = normal(rng, 2, 3, 4), normal(rng, 2, 5, 6)
    parameters = {"W_q": normal(rng, 7, 4), "W_k": normal(rng, 7, 6), "v": normal(rng, 7)}
    module = with_parameters(student.AdditiveScore(4, 6, 7), **parameters)
    assert_gradients(module, oracle.additive, q, k, parameters)


@pytest.mark.points(2)
def test_t05_gaussian_score(student, rng):
    """gaussian_score: values, bad sigmas, equally long keys, and float32 vectors around 1e4."""
    q, k = normal(rng, 2, 3, 4), normal(rng, 2, 5, 4)
    for sigma in [0.7, 2.5]:
        scores = student.gaussian_score(q, k, sigma)
        assert_close(scores, oracle.gaussian(q, k, sigma), what=f"the scores for sigma={sigma}")
    for sigma in [0.0, -1.0]:
        assert_refused(f"sigma={sigma}", student.gaussian_score, q, k, sigma)

    long = 3 * k / k.norm(dim=-1, keepdim=True)
    weights = torch.as_tensor(as_array(student.gaussian_score(q, long, 4**0.25))).softmax(dim=-1)
    expected = (oracle.dot(q, long) / math.sqrt(4)).softmax(dim=-1)
    what = "the softmax of the scores with keys of equal length and sigma^2 = sqrt(d)"
    assert_close(weights, expected, what=what)

    # Multiples of 1/1024 survive the addition of 1e4 exactly in float32, so the distances stay the same.
    q, k = (torch.from_numpy(rng.integers(-1024, 1025, size=(2, n, 4)) / 1024) for n in (3, 5))
    far = student.gaussian_score((q + 1e4).float(), (k + 1e4).float(), 1.5)
    what = "the scores of float32 vectors around 1e4"
    assert_close(far, oracle.gaussian(q, k, 1.5), rtol=0, atol=1e-4, what=what)


@pytest.mark.points(3)
def test_t06_soft_attention(student, rng):
    """soft_attention: values and gradients without a mask, with masks of several shapes, with empty rows."""
    empty_row, empty_item = random_mask(rng, 2, 3, 5), random_mask(rng, 2, 1, 5)
    empty_row[rng.integers(2), rng.integers(3)] = False
    empty_item[rng.integers(2)] = False
    masks = [None, *(random_mask(rng, *shape) for shape in [(5,), (3, 5), (2, 1, 5)]), empty_row, empty_item]
    for mask in masks:
        scores, values = normal(rng, 2, 3, 5), normal(rng, 2, 5, 4)
        given = (scores, values) if mask is None else (scores, values, mask)
        where = "without a mask" if mask is None else f"with a mask of shape {tuple(mask.shape)}"
        allowed = torch.ones(2, 3, 5, dtype=torch.bool) if mask is None else mask.expand(2, 3, 5)
        if not allowed.any(dim=-1).all():
            where += " that leaves a query no key"
        context, weights = several(student.soft_attention(*given), 2, "soft_attention")
        assert not student.last_call.changed, "soft_attention changed one of its arguments in place"
        twins = leaves(scores, values)
        expected_context, expected_weights = oracle.soft_attention(*twins, mask)
        assert_close(weights, expected_weights, what=f"the weights {where}")
        assert_close(context, expected_context, what=f"the context {where}")
        forbidden = as_array(weights)[~allowed.numpy()]
        assert not forbidden.any(), f"a forbidden key has a weight that is not exactly 0, {where}"

        tracked = leaves(scores, values)
        result = student.soft_attention(*tracked, *given[2:])
        context, weights = several(result, 2, "soft_attention")
        context = differentiable(context, (2, 3, 4), f"the context {where}")
        weights = differentiable(weights, (2, 3, 5), f"the weights {where}")
        one, other = normal(rng, 2, 3, 4), normal(rng, 2, 3, 5)
        ((context * one).sum() + (weights * other).sum()).backward()
        ((expected_context * one).sum() + (expected_weights * other).sum()).backward()
        for name, tensor, twin in zip(["scores", "values"], tracked, twins, strict=True):
            assert_close(tensor.grad, twin.grad, what=f"the gradient of {name} {where}")

    scores, values, mask = 3 * normal(rng, 2, 3, 5), normal(rng, 2, 5, 1), random_mask(rng, 2, 1, 5)
    context, _ = several(student.soft_attention(scores, values, mask), 2, "soft_attention")
    spread = values.masked_fill(~mask.mT, torch.nan).numpy()
    low, high = np.nanmin(spread, axis=1, keepdims=True), np.nanmax(spread, axis=1, keepdims=True)
    context = as_array(context, "the context")
    inside = (low - 1e-12 <= context) & (context <= high + 1e-12)
    assert inside.all(), "a context does not lie between the smallest and the largest allowed value"
    for dtype in [torch.float64, torch.int64]:
        assert_refused(f"a mask of {dtype}", student.soft_attention, scores, values, mask.to(dtype))


@pytest.mark.points(2)
def test_t07_hard_attention(student, rng):
    """hard_attention: index, value and log p for u in each step of the cdf, at 0 and just below 1; masks."""
    no_ends = np.array([False, True, True, True, True, False])
    scattered = rng.permutation([True, True, True, True, False, False])
    for masks in [[np.full(6, True)] * 2, [no_ends, scattered, no_ends]]:
        rows = []
        for allowed in masks:
            # What is forbidden scores highest, so that its share can't go unnoticed.
            scores = np.where(allowed, rng.uniform(-1, 1, size=6), rng.uniform(2, 3, size=6))
            p = oracle.probabilities(scores, allowed)
            ends = np.cumsum(p)
            keys = np.flatnonzero(allowed)
            middles = [(i, ends[i] - p[i] / 2) for i in keys]
            draws = [(keys[0], 0.0), *middles, (keys[-1], JUST_BELOW_1)]
            rows += [(scores, allowed, u, index, math.log(p[index])) for index, u in draws]
        rng.shuffle(rows)
        columns = zip(*rows, strict=True)
        scores, mask, u, index, log_p = (torch.from_numpy(np.array(column)) for column in columns)
        values = normal(rng, len(rows), 6, 3)
        masked = not mask.all()
        where = "with a mask" if masked else "without a mask"
        result = student.hard_attention(scores, values, u, *([mask] if masked else []))
        assert not student.last_call.changed, "hard_attention changed one of its arguments in place"
        context, drawn, log_prob = several(result, 3, "hard_attention")
        assert_equal(drawn, index, what=f"the index {where}")
        assert_close(context, values[torch.arange(len(rows)), index], what=f"the context {where}")
        assert_close(log_prob, log_p, what=f"log p of the index {where}")

    # In many of these rows rounding leaves the last cdf below u. A score of -1000 has probability 0 exactly.
    scores, mask = uniform(rng, -1, 1, 300, 9), torch.ones(300, 9, dtype=torch.bool)
    mask[:100, 8] = False
    scores[100:200, 8] = -1000
    last = torch.full((300,), 8) - (torch.arange(300) < 200).long()
    u, values = torch.full((300,), JUST_BELOW_1, dtype=torch.float64), torch.zeros(300, 9, 1).double()
    _, drawn, _ = several(student.hard_attention(scores, values, u, mask), 3, "hard_attention")
    what = "the index at u = 1 - 2^-53; the last key is forbidden in rows 0-99, has probability 0 in 100-199"
    assert_equal(drawn, last, what=what)

    mask[rng.integers(300)] = False
    assert_refused("a row without an allowed key", student.hard_attention, scores, values, u, mask)
    assert_refused("a float mask", student.hard_attention, scores, values, u, torch.ones_like(scores))


@pytest.mark.points(2)
def test_t08_hard_attention_samples(student, rng):
    """hard_attention on 3000 rows of equal scores: frequencies, chosen values, log p and its gradient."""
    n = 3000  # every expected count is at least 98
    row = uniform(rng, -1, 1, 5)
    scores, values, u = leaves(row.expand(n, 5))[0], normal(rng, n, 5, 2), uniform(rng, 0, 1, n)
    result = several(student.hard_attention(scores, values, u), 3, "hard_attention")
    index = as_array(result[1], "the index")
    assert index.shape == (n,), f"the index has shape {index.shape}, not {(n,)}"
    counts = np.array([(index == key).sum() for key in range(5)])
    assert counts.sum() == n, "the index contains values other than 0 to 4"
    expected = n * np.array(oracle.probabilities(row.tolist(), [True] * 5))
    statistic = float(((counts - expected) ** 2 / expected).sum())
    assert statistic < CHI2_DF4, f"keys are not drawn as often as p says (chi-squared {statistic:.1f})"

    index = torch.from_numpy(index).long()
    assert_close(result[0], values[torch.arange(n), index], what="the context, compared to values[b, index]")
    log_prob = differentiable(result[2], (n,), "log p")
    assert_close(log_prob, torch.log_softmax(row, dim=0)[index], what="log p of the index")
    log_prob.sum().backward()
    assert_close(scores.grad, oracle.grad_log_p(scores, index), what="the gradient of log p")


@pytest.mark.points(2)
def test_t09_expected_reward_grad(student, rng):
    """expected_reward_grad: 1 to 9 choices; it sums to 0 and does not see a constant added to all rewards."""
    for length in [1, 2, 9]:
        scores, rewards = normal(rng, length), uniform(rng, 1, 3, length)
        gradient = student.expected_reward_grad(scores, rewards)
        where = f"with {length} choice(s)"
        assert_close(gradient, oracle.expected_reward_grad(scores, rewards), what=f"the gradient {where}")
        assert_close(as_array(gradient).sum(), 0.0, what=f"the sum of the gradient {where}")
        shifted = student.expected_reward_grad(scores, rewards + 5)
        assert_close(shifted, gradient, what=f"the gradient for rewards + 5 {where}")


@pytest.mark.points(2)
def test_t10_reinforce_grad(student, rng):
    """reinforce_grad: 1, 7 and 50 draws with repeats, with and without a baseline; no draws are refused."""
    scores = normal(rng, 5)
    for draws in [1, 7, 50]:
        samples = torch.from_numpy(rng.integers(5, size=draws))
        rewards = uniform(rng, 1, 3, draws)
        for baseline in [0.0, 0.4]:
            options = {"baseline": baseline} if baseline else {}
            gradient = student.reinforce_grad(scores, samples, rewards, **options)
            expected = oracle.reinforce_grad(scores, samples, rewards, baseline)
            what = f"the estimate from {draws} draw(s), {options or 'no baseline'}"
            assert_close(gradient, expected, what=what)
    assert_refused("no draws", student.reinforce_grad, scores, samples[:0], rewards[:0])


@pytest.mark.points(2)
def test_t11_reinforce_is_unbiased(student, rng):
    """reinforce_grad: its exact mean is the gradient for three baselines; E[R] lowers its exact variance."""
    # Rewards between 2 and 4: |R - E[R]| < 2 <= R, so the baseline E[R] helps whatever p is.
    scores, rewards = uniform(rng, -1, 1, 5), uniform(rng, 2, 4, 5)
    p = np.array(oracle.probabilities(scores.tolist(), [True] * 5))
    exact = oracle.expected_reward_grad(scores, rewards).numpy()
    mean_reward = float(p @ rewards.numpy())
    variance = {}
    for name, baseline in [("0", 0.0), ("E[R]", mean_reward), ("10", 10.0)]:
        estimates = []
        for choice in range(5):
            one = torch.tensor([choice])
            estimate = as_array(student.reinforce_grad(scores, one, rewards[one], baseline), "the estimate")
            assert estimate.shape == (5,), f"the estimate has shape {estimate.shape}, not (5,)"
            estimates.append(estimate)
        assert_close(p @ estimates, exact, what=f"the expected estimate with baseline {name}")
        variance[name] = float(p @ np.square(estimates - exact).sum(axis=1))
    assert variance["E[R]"] < variance["0"], "the baseline E[R] does not lower the variance of the estimate"


@pytest.mark.points(2)
def test_t12_reinforce_loss(student, rng):
    """ReinforceLoss: value and gradient, with and without a baseline; no gradient in reward and baseline."""
    loss_of = student.ReinforceLoss()
    for batch in [1, 4]:
        index = torch.from_numpy(rng.integers(5, size=batch))
        for with_baseline in [False, True]:
            scores, reward, baseline = leaves(
                normal(rng, batch, 5), uniform(rng, 1, 2, batch), uniform(rng, 3, 5, batch)
            )
            arguments = (scores, index, reward, baseline) if with_baseline else (scores, index, reward)
            where = f"for a batch of {batch}, {'with' if with_baseline else 'without'} a baseline"
            loss = differentiable(loss_of(*arguments), (), f"the loss {where}")
            advantage = (reward - baseline if with_baseline else reward).detach()
            log_p = scores.detach().softmax(dim=-1).log()[torch.arange(batch), index]
            assert_close(loss, -(advantage @ log_p) / batch, what=f"the loss {where}")
            loss.backward()
            expected = -advantage[:, None] * oracle.grad_log_p(scores, index) / batch
            assert_close(scores.grad, expected, what=f"the gradient of scores {where}")
            for name, tensor in [("reward", reward), ("baseline", baseline)]:
                stopped = tensor.grad is None or not tensor.grad.any()
                assert stopped, f"a gradient flows into {name} {where}"


@pytest.mark.points(1)
def test_t13_variational_bound(student, rng):
    """variational_bound: both values, which is the larger and when they agree; log-likelihoods near -1e4."""

    def bound_and_marginal(log_alpha, log_lik):
        result = several(student.variational_bound(log_alpha, log_lik), 2, "variational_bound")
        return [float(as_array(value, "a value of variational_bound").reshape(())) for value in result]

    for case in range(50):
        log_alpha = normal(rng, 6)
        log_alpha[: case % 5] = -torch.inf
        log_alpha = log_alpha.log_softmax(dim=0)
        log_lik = uniform(rng, -5, -1, 6) if case < 40 else uniform(rng, -10010, -9990, 6)
        where = f"of case {case}, log-likelihoods around {'-3' if case < 40 else '-1e4'}"
        bound, log_marginal = bound_and_marginal(log_alpha, log_lik)
        expected_bound, expected_marginal = oracle.variational_bound(log_alpha, log_lik)
        assert_close(bound, expected_bound, rtol=1e-12, what=f"the bound {where}")
        assert_close(log_marginal, expected_marginal, rtol=1e-12, what=f"log_marginal {where}")
        assert bound <= log_marginal + 1e-10, f"the bound exceeds log_marginal {where}"

    log_lik = normal(rng, 6)
    one_hot = torch.full((6,), -torch.inf, dtype=torch.float64)
    one_hot[2] = 0.0
    for name, alpha, lik, value in [
        ("equal log-likelihoods", log_alpha, torch.full_like(log_lik, -2.5), -2.5),
        ("a one-hot alpha", one_hot, log_lik, log_lik[2]),
    ]:
        bound, log_marginal = bound_and_marginal(alpha, lik)
        assert_close(bound, float(value), what=f"the bound for {name}")
        assert_close(log_marginal, float(value), what=f"log_marginal for {name}")
