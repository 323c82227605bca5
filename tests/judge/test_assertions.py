"""Comparisons for hidden tests: what passes, what fails, and what a student reads then."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from grader.judge.assertions import as_array, assert_close, assert_dtype, assert_equal, describe

NAN, INF = float("nan"), float("inf")


class Thing:
    """No number."""

    def __repr__(self) -> str:  # without the address: a test's name is the same in every process
        return "Thing()"


def says(failing: Any, *args: Any, **kwargs: Any) -> str:
    """The message of an assertion that must fail."""
    with pytest.raises(AssertionError) as caught:
        failing(*args, **kwargs)
    return str(caught.value)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (1.0, 1.0 + 1e-12),
        (1, np.float64(1)),
        (np.float32(2), 2.0),
        ([1, 2.0], np.array([1.0, 2.0])),
        ([[1], [2]], np.array([[1.0], [2.0]])),
        (torch.tensor([1.0, 2.0]), np.array([1.0, 2.0])),
        (torch.tensor([1.0, 2.0], dtype=torch.bfloat16, requires_grad=True), [1, 2]),
        ([torch.tensor(1.0), 2], [1.0, 2.0]),
        (np.array([NAN, INF, -INF]), np.array([NAN, INF, -INF])),
        (np.array([True, False]), np.array([True, False])),
        (np.array([1 + 2j]), np.array([1 + 2j])),
        (np.zeros((0, 3)), np.ones((0, 3))),
        ((np.ones(2), 3.0), (np.ones(2), 3)),
        ([np.ones(2), np.ones(3)], (np.ones(2), np.ones(3))),
        ({"a": np.ones(2), "b": [1]}, {"b": np.array([1]), "a": np.ones(2)}),
        ({"a": ("x", None, 1.0)}, {"a": ("x", None, 1.0)}),
        ([[1, 2], [3]], [[1, 2], [3]]),
        ([], []),
    ],
    ids=repr,
)
def test_close(actual: Any, expected: Any) -> None:
    """Lists for arrays, tensors for arrays, numbers for numpy scalars; containers element by element."""
    assert_close(actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected", "message"),
    [
        (1.5, 1.0, "the result is off by 0.5"),
        (NAN, 1.0, "the result is off by inf; 1 values are nan or inf"),
        (
            np.array([[1.0, 2.0], [3.0, 5.0]]),
            np.array([[1.0, 2.5], [3.0, 4.0]]),
            "the result (float64 array of shape (2, 2)): 2 of 4 values are off, the worst at (1, 1) by 1",
        ),
        (
            np.array([1.0, NAN, INF]),
            np.array([1.0, 2.0, 3.0]),
            "the result (float64 array of shape (3,)): 2 of 3 values are off, the worst at (1,) by inf; "
            "2 values are nan or inf",
        ),
        (
            np.array([1.0, 2.0]),
            np.array([1.0, NAN]),
            "the result (float64 array of shape (2,)): 1 of 2 values are off, the worst at (1,) by inf",
        ),
        (
            np.array([1.1, 2], np.float32),
            np.array([1.1, 2]),
            "the result (float32 array of shape (2,)): 1 of 2 values are off, the worst at (0,) by 2.38e-08; "
            "float32 where float64 is due",
        ),
        (
            torch.tensor([1.5]),
            [1.0],
            "the result (float32 array of shape (1,)): 1 of 1 values are off, the worst at (0,) by 0.5; "
            "float32 where float64 is due",
        ),
        (np.zeros((2, 3)), np.zeros((3, 2)), "the result has shape (2, 3), not (3, 2)"),
        (np.zeros(1), 0.0, "the result has shape (1,), not ()"),
        (None, 1.0, "the result is None, not numbers"),
        ("abc", 1.0, "the result is str of length 3, not numbers"),
        (Thing(), 1.0, "the result is Thing, not numbers"),
        ([1, [2, 3]], np.zeros(2), "the result is [int, [int, int]], not numbers"),
        ([Thing()], np.zeros(1), "the result is [Thing], not numbers"),
        (np.array([None]), np.zeros(1), "the result is object array of shape (1,), not numbers"),
        (np.array(["a"]), np.zeros(1), "the result is <U1 array of shape (1,), not numbers"),
        (np.ones(2), (np.ones(2), 1.0), "the result is float64 array of shape (2,), not 2 values"),
        ((np.ones(2),), (np.ones(2), np.ones(2)), "the result has 1 values, not 2"),
        (
            (np.ones(2), np.zeros(2)),
            (np.ones(2), np.ones(2)),
            "the result[1] (float64 array of shape (2,)): 2 of 2 values are off, the worst at (0,) by 1",
        ),
        ([1.0], {"a": 1.0}, "the result is [float], not a dict"),
        ({"a": 1, "b": 2}, {"a": 1}, "the result has the keys a, b, not a"),
        ({"a": 2.0}, {"a": 1.0}, "the result['a'] is off by 1"),
        ({"a": ("x", None)}, {"a": ("y", None)}, "the result['a'][0] is not what it should be"),
        ({"a": ("x", 0)}, {"a": ("x", None)}, "the result['a'][1] is not what it should be"),
    ],
    ids=lambda value: value[:50] if isinstance(value, str) else "",
)
def test_not_close(actual: Any, expected: Any, message: str) -> None:
    """Shapes, dtypes, how many, where, how much; never what would have been right."""
    assert says(assert_close, actual, expected) == message


def test_the_expected_values_stay_hidden() -> None:
    """No digit of them, whatever is compared with what."""
    secret = np.array([31415.92653, 27182.81828])
    for wrong in (np.array([31415.0, 27182.5]), secret[:1], "31415", None, [secret, secret], {"x": 1}):
        said = says(assert_close, wrong, secret, what="weights")
        assert said.startswith("weights")
        assert "31415.9" not in said
        assert "27182.8" not in said


def test_tolerances() -> None:
    """`atol + rtol * |expected|`."""
    assert_close(1.05, 1.0, rtol=0.1)
    assert_close(0.05, 0.0, atol=0.1)
    assert "by 0.2" in says(assert_close, 1.2, 1.0, rtol=0.1)
    assert "by 0.05" in says(assert_close, 0.05, 0.0, rtol=0.1)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (3, 3),
        (np.int64(3), 3),
        ([1, 2], np.array([1, 2])),
        (["a", "b"], ["a", "b"]),
        (("a", 1), ("a", 1)),
        ([["a"], ["b", "c"]], [["a"], ["b", "c"]]),
        ({"a": 1, 2: "x"}, {"a": 1, 2: "x"}),
        ({1, 2}, {1, 2}),
        ({(1, "a"): {3}}, {(1, "a"): {3}}),
        (None, None),
        (True, True),
        (np.True_, True),
        (torch.tensor(True), True),
        (b"x", b"x"),
        (2**53 + 1, 2**53 + 1),
        (np.array([NAN]), np.array([NAN])),
        ([], []),
    ],
    ids=repr,
)
def test_equal(actual: Any, expected: Any) -> None:
    """Tokens, keys, strings, sets, numbers."""
    assert_equal(actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected", "message"),
    [
        (np.array([2**53 + 1]), np.array([2**53]), "1 of 1 values are off"),
        (1.0 + 1e-15, 1.0, "the result is off by 1.11e-15"),
        (["a", "x"], ["a", "b"], "the result[1] is not what it should be"),
        ("ab", ["a", "b"], "the result is str of length 2, not 2 values"),
        ({1, 2}, {1, 3}, "the result is not what it should be"),
        (None, "text", "the result is not what it should be"),
        (1, None, "the result is not what it should be"),
        (False, True, "the result is not what it should be"),
        (np.array([True]), True, "the result is bool array of shape (1,)"),
        (torch.tensor([True, False]), True, "the result is bool tensor of shape (2,)"),
        (np.array(["a", "b"]), "a", "the result is <U1 array of shape (2,)"),
        (Thing(), {"a"}, "the result is not what it should be"),
    ],
    ids=repr,
)
def test_not_equal(actual: Any, expected: Any, message: str) -> None:
    """Exact: integers beyond 2**53, the last bit of a float."""
    assert message in says(assert_equal, actual, expected)


def test_dtypes() -> None:
    """numpy's and torch's; Python numbers have none."""
    assert_dtype(np.zeros(2, np.float32), np.float32)
    assert_dtype(np.float64(1), np.dtype("float64"))
    assert_dtype(torch.zeros(2), torch.float32)
    assert says(assert_dtype, np.zeros(2), np.float32) == "the result has dtype float64, not float32"
    assert says(assert_dtype, torch.zeros(2), torch.float64) == (
        "the result has dtype torch.float32, not torch.float64"
    )
    assert (
        says(assert_dtype, np.zeros(2), torch.float64, what="y") == "y has dtype float64, not torch.float64"
    )
    assert says(assert_dtype, 1.0, np.float64) == "the result is float, without a dtype"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.zeros((2, 3), np.int8), "int8 array of shape (2, 3)"),
        (torch.zeros(2, dtype=torch.bfloat16), "bfloat16 tensor of shape (2,)"),
        (None, "None"),
        (True, "True"),
        (3, "int"),
        (3.5, "float"),
        ("secret", "str of length 6"),
        (b"secret", "bytes of length 6"),
        ((1, "a"), "(int, str of length 1)"),
        ([[1], [2.0]], "[[int], [float]]"),
        ([1, 2, 3, 4, 5], "list of 5"),
        ({"a": 1}, "dict of 1"),
        ({1, 2}, "set of 2"),
        (Thing(), "Thing"),
    ],
    ids=repr,
)
def test_describe(value: Any, words: str) -> None:
    """What it is, not what it holds."""
    assert describe(value) == words


def test_as_array() -> None:
    """Everything numeric becomes an array; the rest is told by name."""
    assert as_array([[1, 2]]).shape == (1, 2)
    assert as_array(torch.ones(2, requires_grad=True)).tolist() == [1, 1]
    assert as_array(3).shape == ()
    assert says(as_array, {"a": 1}, "the loss") == "the loss is dict of 1, not numbers"
