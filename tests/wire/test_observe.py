"""What a call did besides returning: arguments changed in place, bytecodes executed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from grader.wire.observe import changed_arguments, count_bytecodes, named_arguments, snapshot, unchanged


def changes(change: Callable[[Any], object], value: Any) -> bool:
    """Whether `change`, applied in place, is seen."""
    before = snapshot(value)
    change(value)
    return not unchanged(before, value)


def test_arguments_by_position_and_keyword() -> None:
    """Names as the feedback shows them."""
    assert named_arguments((10, 20), {"mask": 30}) == {"0": 10, "1": 20, "mask": 30}


@pytest.mark.parametrize(
    ("value", "change"),
    [
        (np.zeros(3), lambda a: a.__setitem__(0, 1.0)),
        (np.zeros(3), lambda a: a.__setitem__(1, np.nan)),
        (np.zeros(3), lambda a: a.__setitem__(2, -0.0)),
        (np.zeros((2, 3)), lambda a: a.resize((3, 2), refcheck=False)),
        (np.zeros(2), lambda a: a.sort() or a.__iadd__(1)),
        (torch.zeros(3), lambda t: t.add_(1)),
        (torch.zeros(3), lambda t: t.__setitem__(1, float("nan"))),
        (torch.zeros(2, 3), lambda t: t.resize_(3, 2)),
        (torch.zeros(2, dtype=torch.bfloat16), lambda t: t.fill_(2)),
        ([1, 2], lambda x: x.append(3)),
        ([[1], [2]], lambda x: x[0].append(3)),
        ([np.zeros(2), 5], lambda x: x[0].fill(1)),
        ([1, 2], lambda x: x.__setitem__(0, 5)),
        ((np.zeros(2),), lambda x: x[0].fill(1)),
        ({"a": [1]}, lambda x: x["a"].clear()),
        ({"a": 1, "b": 2}, lambda x: x.update(a=x.pop("a"))),
        ({"a": 1}, lambda x: x.update(b=2)),
        ({"a": 1}, lambda x: x.update(a=2)),
        ({1, 2}, lambda x: x.add(3)),
    ],
    ids=lambda value: repr(value)[:30] if not callable(value) else "",
)
def test_changes_that_are_seen(value: Any, change: Callable[[Any], object]) -> None:
    """Arrays, tensors, lists, dicts, however deep; a sign of zero counts."""
    assert changes(change, value)


@pytest.mark.parametrize(
    "value",
    [
        np.array([1.0, np.nan, np.inf]),
        np.zeros((0, 3)),
        np.array(5),
        torch.tensor([1.0, float("nan")]),
        torch.zeros(0),
        [np.nan, [1, {"a": np.array([np.nan])}]],
        (1, "text", None),
        {"a": float("nan"), "b": {1, 2}},
        pytest.param(object(), id="object"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_stays_as_it_was(value: Any) -> None:
    """NaN equals itself here: nobody touched it."""
    assert not changes(lambda _: None, value)


def test_a_snapshot_is_no_alias() -> None:
    """Whatever happens to the value, the snapshot stays."""
    array, tensor = np.zeros(2), torch.zeros(2, requires_grad=True)
    before = snapshot({"list": [array, (tensor,)]})
    array += 1
    with torch.no_grad():
        tensor += 1
    assert before["list"][0].tolist() == [0, 0]
    assert before["list"][1][0].tolist() == [0, 0]
    assert not before["list"][1][0].requires_grad


def test_only_the_changed_ones_are_named() -> None:
    """By position or keyword, in the order of the call."""
    given = named_arguments((np.zeros(2), [1]), {"mask": np.ones(2)})
    before = {name: snapshot(value) for name, value in given.items()}
    given["mask"][0] = 0
    given["1"].append(2)
    assert changed_arguments(before, given) == ["1", "mask"]


def loop(n: int) -> int:
    """As a student would write it."""
    total = 0
    for i in range(n):
        total += i
    return total


def vectorised(n: int) -> int:
    """The same without a loop of one's own."""
    return int(np.arange(n).sum())


def comprehension(n: int) -> int:
    """A loop in disguise."""
    return sum([i for i in range(n)])  # noqa: C416  (the comprehension is what is counted)


def generator(n: int) -> int:
    """A loop in another disguise."""
    return sum(i for i in range(n))


def callback(n: int) -> int:
    """A loop inside the library that comes back for every element."""
    return sum(map(lambda i: i + 0, range(n)))  # noqa: C417  (the callback is what is counted)


def bytecodes(function: Callable[[int], int], n: int) -> int:
    """Executed in this file, by `function(n)`."""
    value, count = count_bytecodes({__file__}, lambda: function(n))
    assert value == n * (n - 1) // 2
    return count


@pytest.mark.parametrize("function", [loop, comprehension, generator, callback])
def test_loops_grow_with_n(function: Callable[[int], int]) -> None:
    """Ten times the elements, about ten times the bytecodes, in every disguise."""
    assert 7 < bytecodes(function, 1000) / bytecodes(function, 100) < 10.5


def test_vectorised_code_does_not() -> None:
    """However many elements."""
    assert bytecodes(vectorised, 10) == bytecodes(vectorised, 10_000) < 60


def test_the_count_is_deterministic() -> None:
    """And nothing is left behind."""
    tracer = sys.gettrace()
    assert bytecodes(loop, 50) == bytecodes(loop, 50)
    assert sys.gettrace() is tracer


def test_other_files_are_not_counted() -> None:
    """Library code is free."""
    assert count_bytecodes({"elsewhere.py"}, lambda: loop(1000)) == (499500, 0)


def test_an_exception_ends_the_count() -> None:
    """It comes through, and the tracing stops."""
    tracer = sys.gettrace()
    with pytest.raises(ZeroDivisionError):
        count_bytecodes({__file__}, lambda: 1 // 0)
    assert sys.gettrace() is tracer
