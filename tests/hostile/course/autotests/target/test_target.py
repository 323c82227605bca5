"""Hidden tests of the corpus' target. Each looks at an answer in another way."""

from __future__ import annotations

import math

import numpy as np
import pytest

from grader.judge.testing import assert_close, assert_equal

CANARY = "canary-of-the-hidden-tests"  # must never be seen behind the wall


@pytest.mark.points(2)
def test_t01_standardise(student, rng):
    """An array, compared within a tolerance, for two shapes."""
    for shape in [(5, 7), (2, 3, 8)]:
        x = rng.normal(size=shape)
        centred = x - x.mean(-1, keepdims=True)
        expected = centred / np.sqrt((centred**2).mean(-1, keepdims=True))
        assert_close(student.standardise(x), expected, what="standardise")


@pytest.mark.points(1)
def test_t02_entropy(student, rng):
    """A number, in a plain assert, as many a test is written."""
    p = rng.dirichlet(np.ones(6))
    expected = -math.fsum(q * math.log(q) for q in p)
    value = student.entropy(p)
    assert abs(value - expected) < 1e-12, "the entropy is off"


@pytest.mark.points(1)
def test_t03_pick(student, rng):
    """A ValueError where one is due, and a list where none is."""
    items = rng.normal(size=6).tolist()
    assert_equal(student.pick(items, 3), sorted(items)[:2:-1], what="pick")
    for k in (-1, 7):
        with pytest.raises(ValueError):
            student.pick(items, k)


@pytest.mark.points(2)
def test_t04_iterate(student, rng):
    """A function of ours is called back; the calls are counted and recorded here."""
    growth, calls = float(rng.uniform(1.5, 2.5)), []

    def step_fn(value):
        calls.append(value)
        assert isinstance(value, float), "step_fn takes a float"
        return value * growth

    values = student.iterate(step_fn, 1.0, 30.0)
    expected = [1.0]
    while expected[-1] < 30.0:
        expected.append(expected[-1] * growth)
    assert_close(values, expected, what="iterate")
    assert len(calls) == len(expected) - 1, "step_fn is called once for each value after the first"
    assert_equal(calls, expected[:-1], what="the arguments of step_fn")


@pytest.mark.points(1)
def test_t05_meter(student, rng):
    """A class with state: an object that stays behind the wall."""
    meter, values = student.Meter("nats"), rng.normal(size=4)
    assert_equal(meter.unit, "nats", what="unit")
    for count, value in enumerate(values, start=1):
        assert_close(meter.add(float(value)), values[:count].sum() / count, what="add")
    assert_equal(meter.count, 4, what="count")


@pytest.mark.points(1)
def test_t06_clip(student, rng):
    """What a call changed in place."""
    x = rng.normal(size=(4, 5)) * 3.0
    assert_close(student.clip(x, 1.5), np.minimum(np.maximum(x, -1.5), 1.5), what="clip")
    assert not student.last_call.changed, "the argument x was changed in place"


@pytest.mark.points(2)
def test_t07_ranks(student, rng):
    """An array of integers, exactly; one name is banned here."""
    x = rng.permutation(9) * 0.5 + rng.uniform(0.0, 0.1)
    assert_equal(student.ranks(x), np.array([sum(other < one for other in x) for one in x]), what="ranks")
