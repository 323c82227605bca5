"""Hidden tests of norm_layers: 26 points."""

from __future__ import annotations

import numpy as np
import pytest

from grader.judge.testing import as_array, assert_close, describe, refuses

from . import oracle


def affine(rng, features):
    """A random gamma and beta; gamma stays away from 0 so that no mistake is scaled away."""
    return rng.uniform(0.5, 2.0, size=features) * rng.choice([-1.0, 1.0], size=features), rng.normal(
        size=features
    )


def running(rng, features):
    """A random running mean and a positive running variance."""
    return rng.normal(size=features), rng.uniform(0.3, 3.0, size=features)


def three_values(result, name):
    """The result as three values, for a test that looks at them one by one."""
    assert isinstance(result, tuple | list), f"{name} returned {describe(result)}, not three values"
    assert len(result) == 3, f"{name} returned {len(result)} values, not three"
    return result


@pytest.mark.points(2)
def test_t01_statistics(student, rng):
    """norm_stats: both kinds on 2-D and 3-D input, and an unknown kind is refused."""
    for shape in [(5, 4), (3, 6, 4)]:
        x = rng.normal(loc=1.0, size=shape)
        for kind in ["layer", "batch"]:
            expected = oracle.stats(x, kind)
            assert_close(
                student.norm_stats(x, kind),
                expected,
                rtol=1e-12,
                atol=1e-12,
                what=f"norm_stats(x, {kind!r}) for x of shape {shape}",
            )
    with pytest.raises(ValueError):
        student.norm_stats(x, "layers")


@pytest.mark.points(3)
def test_t02_layer_norm(student, rng):
    """layer_norm: inputs of one to four dimensions, random gamma and beta."""
    for shape in [(7,), (5, 8), (2, 3, 8), (2, 2, 3, 5)]:
        x = rng.normal(size=shape)
        gamma, beta = affine(rng, shape[-1])
        expected = oracle.layer_norm(x, gamma, beta)
        what = f"layer_norm for x of shape {shape}"
        assert_close(student.layer_norm(x, gamma, beta), expected, atol=1e-10, what=what)


@pytest.mark.points(2)
def test_t03_layer_norm_small_variance(student, rng):
    """layer_norm where eps matters: tiny inputs, constant tokens, a single feature, another eps."""
    gamma, beta = affine(rng, 6)
    tiny = 1e-3 * rng.normal(size=(4, 6))
    constant = np.repeat(rng.normal(size=(4, 1)), 6, axis=1)
    one_feature = rng.normal(size=(5, 1))
    cases = [
        ("tiny inputs", (tiny, gamma, beta)),
        ("constant tokens", (constant, gamma, beta)),
        ("one feature", (one_feature, gamma[:1], beta[:1])),
        ("eps=1e-2", (rng.normal(size=(4, 6)), gamma, beta, 1e-2)),
    ]
    for name, arguments in cases:
        expected = oracle.layer_norm(*arguments)
        assert_close(student.layer_norm(*arguments), expected, atol=1e-10, what=f"layer_norm, {name}")


@pytest.mark.points(1)
def test_t04_layer_norm_large_mean(student, rng):
    """layer_norm of tokens with a mean near a million: as good as without the offset."""
    # Multiples of 1/1024 survive the addition of 1e6 exactly, so both inputs have the same normalised value.
    x = rng.integers(-1024, 1025, size=(20, 12)) / 1024
    gamma, beta = affine(rng, 12)
    expected = oracle.layer_norm(x, gamma, beta)
    what = "layer_norm of x + 1e6"
    assert_close(student.layer_norm(1e6 + x, gamma, beta), expected, rtol=0, atol=1e-7, what=what)


@pytest.mark.points(3)
def test_t05_layer_norm_backward(student, rng):
    """layer_norm_backward: gradients of x, gamma and beta for 2-D and 3-D input."""
    for shape, eps in [((6, 5), 1e-5), ((2, 4, 5), 1e-5), ((3, 4), 1e-1)]:
        x, dy = rng.normal(size=shape), rng.normal(size=shape)
        gamma, _ = affine(rng, shape[-1])
        expected = oracle.layer_norm_backward(dy, x, gamma, eps)
        result = three_values(student.layer_norm_backward(dy, x, gamma, eps), "layer_norm_backward")
        for name, got, want in zip(["dx", "dgamma", "dbeta"], result, expected, strict=True):
            what = f"{name} of layer_norm_backward for x of shape {shape}, eps={eps}"
            assert_close(got, want, rtol=1e-9, atol=1e-9, what=what)


@pytest.mark.points(3)
def test_t06_batch_norm_train(student, rng):
    """batch_norm_train: the output for (N, D) and (N, T, D)."""
    for shape in [(16, 5), (4, 7, 5)]:
        x = rng.normal(loc=0.5, size=shape)
        parameters = (*affine(rng, shape[-1]), *running(rng, shape[-1]))
        expected, _, _ = oracle.batch_norm_train(x, *parameters)
        y, _, _ = three_values(student.batch_norm_train(x, *parameters), "batch_norm_train")
        assert_close(y, expected, atol=1e-10, what=f"y of batch_norm_train for x of shape {shape}")


@pytest.mark.points(3)
def test_t07_running_statistics(student, rng):
    """batch_norm_train: running statistics over three batches of different size; arguments unchanged."""
    for momentum in [0.1, 0.3]:
        gamma, beta = affine(rng, 4)
        mean, var = expected_mean, expected_var = running(rng, 4)
        for n in [6, 3, 11]:
            x = rng.normal(loc=1.0, scale=2.0, size=(n, 4))
            _, expected_mean, expected_var = oracle.batch_norm_train(
                x, gamma, beta, expected_mean, expected_var, momentum
            )
            result = student.batch_norm_train(x, gamma, beta, mean, var, momentum)
            assert not student.last_call.changed, "batch_norm_train changed one of its arguments in place"
            _, mean, var = three_values(result, "batch_norm_train")
            mean, var = as_array(mean, "new_running_mean"), as_array(var, "new_running_var")
            where = f"after a batch of {n}, momentum={momentum}"
            assert_close(mean, expected_mean, rtol=1e-12, atol=1e-12, what=f"new_running_mean {where}")
            assert_close(var, expected_var, rtol=1e-12, atol=1e-12, what=f"new_running_var {where}")


@pytest.mark.points(2)
def test_t08_batch_norm_eval(student, rng):
    """batch_norm_eval: 2-D and 3-D input, a single sample, and rows that do not depend on one another."""
    for shape in [(6, 5), (3, 4, 5)]:
        x = rng.normal(size=shape)
        parameters = (*affine(rng, 5), *running(rng, 5))
        expected = oracle.batch_norm_eval(x, *parameters)
        y = as_array(student.batch_norm_eval(x, *parameters), "batch_norm_eval")
        assert_close(y, expected, atol=1e-10, what=f"batch_norm_eval for x of shape {shape}")
        alone = student.batch_norm_eval(x[:1], *parameters)
        assert_close(alone, expected[:1], atol=1e-10, what="batch_norm_eval of a single sample")
        others = np.concatenate([x[:1], x[1:] + 10.0])
        beside = as_array(student.batch_norm_eval(others, *parameters), "batch_norm_eval")
        what = "row 0 of batch_norm_eval after a change of the other rows"
        assert_close(beside[:1], y[:1], atol=1e-10, what=what)


@pytest.mark.points(2)
def test_t09_batch_norm_backward(student, rng):
    """batch_norm_backward: gradients of x, gamma and beta, 2-D and 3-D; dx sums to 0 over the batch."""
    for shape, eps in [((7, 4), 1e-5), ((3, 5, 4), 1e-5), ((6, 3), 1e-1)]:
        x, dy = rng.normal(size=shape), rng.normal(size=shape)
        gamma, _ = affine(rng, shape[-1])
        expected = oracle.batch_norm_backward(dy, x, gamma, eps)
        result = three_values(student.batch_norm_backward(dy, x, gamma, eps), "batch_norm_backward")
        for name, got, want in zip(["dx", "dgamma", "dbeta"], result, expected, strict=True):
            what = f"{name} of batch_norm_backward for x of shape {shape}, eps={eps}"
            assert_close(got, want, rtol=1e-9, atol=1e-9, what=what)
        total = as_array(result[0], "dx").reshape(-1, shape[-1]).sum(axis=0)
        assert_close(total, np.zeros(shape[-1]), atol=1e-9, what="the sum of dx over the batch")


@pytest.mark.points(2)
def test_t10_mask(student, rng):
    """batch_norm_train with a mask: as if only the real tokens were there, whatever stands in the padding."""
    suffix = np.arange(5) < rng.permutation([5, 3, 2, 4])[:, None]  # sentences padded on the right
    scattered = rng.permutation(np.arange(18) < 11).reshape(3, 6)
    rows = rng.permutation(np.arange(9) < 5)
    for mask in [suffix, scattered, rows]:
        x = rng.normal(loc=1.0, size=(*mask.shape, 4))
        parameters = (*affine(rng, 4), *running(rng, 4))
        expected = oracle.batch_norm_masked(x, mask, *parameters)
        for filler in [0.0, 1e9]:
            padded = np.where(mask[..., None], x, filler)
            result = student.batch_norm_train(padded, *map(np.copy, parameters), mask=mask)
            y, mean, var = three_values(result, "batch_norm_train")
            where = f"for x of shape {x.shape} with a mask, padding filled with {filler:g}"
            assert_close(y, expected[0], atol=1e-10, what=f"y {where}")
            assert not as_array(y)[~mask].any(), f"y is not exactly 0 at padding {where}"
            assert_close(mean, expected[1], atol=1e-10, what=f"new_running_mean {where}")
            assert_close(var, expected[2], atol=1e-10, what=f"new_running_var {where}")


@pytest.mark.points(2)
def test_t11_invariances(student, rng):
    """Neither layer sees a shift or stretch of what it averages; only BatchNorm sees the other rows."""
    gamma, beta = affine(rng, 6)
    eps = 1e-12  # with a visible eps the invariances hold only roughly

    def layer(x):
        return as_array(student.layer_norm(x, gamma, beta, eps), "layer_norm")

    def batch(x):
        result = student.batch_norm_train(x, gamma, beta, np.zeros(6), np.ones(6), eps=eps)
        return as_array(three_values(result, "batch_norm_train")[0], "y of batch_norm_train")

    for shape in [(8, 6), (3, 4, 6)]:
        x = rng.normal(size=shape)
        others = np.concatenate([x[:1], x[1:] + 10.0])
        per_token = (
            rng.uniform(0.5, 3.0, size=(*shape[:-1], 1)),
            rng.uniform(-5.0, 5.0, size=(*shape[:-1], 1)),
        )
        per_feature = rng.uniform(0.5, 3.0, size=6), rng.uniform(-5.0, 5.0, size=6)
        y = layer(x)
        same = {"rtol": 0, "atol": 1e-6}
        assert y.shape == x.shape, f"layer_norm has shape {y.shape} for x of shape {x.shape}"
        assert_close(
            layer(per_token[0] * x + per_token[1]), y, **same, what="LN of a x + b, a and b per token"
        )
        assert_close(layer(others)[:1], y[:1], **same, what="row 0 of LN after a change of the other rows")
        assert_close(layer(x[:1]), y[:1], **same, what="LN of row 0 alone")
        z = batch(x)
        assert z.shape == x.shape, f"y of batch_norm_train has shape {z.shape} for x of shape {x.shape}"
        assert_close(
            batch(per_feature[0] * x + per_feature[1]), z, **same, what="BN of a x + b, a and b per feature"
        )
        moved = np.abs(batch(others)[:1] - z[:1]).max()
        assert moved > 1e-2, "row 0 of batch_norm_train's y does not depend on the other rows"


@pytest.mark.points(1)
def test_t12_errors(student):
    """ValueError for wrong shapes and for training on fewer than two real tokens; two are enough."""
    rng = np.random.default_rng(12)  # what is refused does not depend on the numbers
    x, gamma, beta = rng.normal(size=(3, 4, 5)), np.ones(5), np.zeros(5)
    few, one = np.zeros((3, 4), dtype=bool), np.zeros((3, 4), dtype=bool)
    one[1, 2] = few[0, 0] = few[2, 1] = True

    def with_running(x, gamma=gamma, beta=beta):
        return x, gamma, beta, np.zeros(5), np.ones(5)

    batch_norms = [student.batch_norm_train, student.batch_norm_eval]
    for bad in [np.ones(4), np.ones(1), np.ones((1, 5))]:
        shape = f"of shape {bad.shape} for 5 features"
        refuses(f"gamma {shape}", student.layer_norm, x, bad, beta)
        refuses(f"beta {shape}", student.layer_norm, x, gamma, bad)
        refuses(f"gamma {shape}", student.layer_norm_backward, x, x, bad)
        refuses(f"gamma {shape}", student.batch_norm_backward, x, x, bad)
        for batch_norm in batch_norms:
            refuses(f"gamma {shape}", batch_norm, *with_running(x, gamma=bad))
            refuses(f"beta {shape}", batch_norm, *with_running(x, beta=bad))
    for bad in [x[0, 0], x[None]]:
        for batch_norm in batch_norms:
            refuses(f"x with {bad.ndim} axes", batch_norm, *with_running(bad))
        refuses(f"x with {bad.ndim} axes", student.batch_norm_backward, bad, bad, gamma)
    for bad in [x[0, :1], x[:1, :1]]:
        refuses(f"training on x of shape {bad.shape}", student.batch_norm_train, *with_running(bad))
    for bad in [one, np.zeros_like(one)]:
        refuses(f"training on {bad.sum()} real tokens", student.batch_norm_train, *with_running(x), mask=bad)
    for shape in [(4,), (3,), (3, 1), (4, 3), (3, 4, 1), (3, 4, 5)]:
        mask = np.ones(shape, dtype=bool)
        refuses(
            f"a mask of shape {shape} for x of shape {x.shape}",
            student.batch_norm_train,
            *with_running(x),
            mask=mask,
        )
    y, _, _ = three_values(student.batch_norm_train(*with_running(x), mask=few), "batch_norm_train")
    assert as_array(y, "y with two real tokens").shape == x.shape, (
        "y with two real tokens has the wrong shape"
    )
