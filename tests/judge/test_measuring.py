"""What an assertion notes while somebody measures, and that it notes nothing otherwise."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.judge.engine import Engine
from grader.judge.measuring import Notes, measuring
from grader.judge.testing import assert_close, assert_equal
from grader.model.result import Measurement, Result
from tests.judge.topics import make_topic, submission

HERE = Path(__file__).name


def measured(check: Callable[[], None]) -> list[float]:
    """The errors that a check notes, by line."""
    with measuring(True) as notes, suppress(AssertionError):
        check()
    return [note.error for note in notes.values()]


@pytest.mark.parametrize(
    ("actual", "expected", "error"),
    [
        ([1.0, 2.0], [1.0, 2.0], 0.0),
        ([1.0, 2.05], [1.0, 2.0], 0.05 / 0.3),
        ([1.5, 2.0], [1.0, 2.0], 0.5 / 0.2),
        (1 + 0.1j, 1 + 0j, 0.1 / 0.2),
        ([math.inf, math.nan], [math.inf, math.nan], 0.0),
        ([math.nan], [1.0], math.inf),
        ([1.0], [math.inf], math.inf),
        ([1.0], [1.0, 2.0], math.inf),
        ("text", [1.0], math.inf),
        ([], [], 0.0),
        ({"a": np.array([1.05]), "b": np.array([9.0])}, {"a": np.array([1.0]), "b": np.array([9.0])}, 0.25),
        ({"a": 1.0}, {"b": 1.0}, math.inf),
        ((np.array([1.5]), "x"), (np.array([1.0]), "x"), 2.5),
        ((np.array([1.05]), "y"), (np.array([1.0]), "x"), math.inf),
    ],
)
def test_the_error_is_a_fraction_of_the_tolerance(actual: Any, expected: Any, error: float) -> None:
    """Which is 0.1 + 0.1 |expected| here."""
    found = measured(lambda: assert_close(actual, expected, rtol=0.1, atol=0.1))
    assert found == pytest.approx([error])


def test_a_loop_keeps_its_largest_error() -> None:
    def check(notes: Notes) -> None:
        for value in (0.1, 0.3, 0.2):
            assert_close(value, 0.0, rtol=0.0, atol=1.0, what=f"{value}")

    with measuring(True) as notes:
        check(notes)
    ((place, note),) = notes.items()
    assert place == (HERE, note.line)
    line = Path(__file__).read_text().splitlines()[note.line - 1]
    assert line.strip().startswith("assert_close(value")
    assert note == Measurement(file=HERE, line=note.line, what="0.3", error=0.3, rtol=0.0, atol=1.0)


def test_an_exact_comparison_has_no_margin() -> None:
    assert measured(lambda: assert_equal([1.0], [1.0])) == []
    assert measured(lambda: assert_equal([1.0], [2.0])) == []


def test_nothing_is_noted_unless_it_is_wanted() -> None:
    with measuring(False) as notes:
        assert_close(1.0, 1.0)
    assert_close(1.0, 1.0)
    assert notes == {}


@pytest.fixture(scope="module", params=[True, False], ids=["measured", "graded"])
def results(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The right and a wrong submission by a judge that measures, and by one that grades."""
    spec = replace(make_topic(tmp_path_factory.mktemp("root")), measure=request.param)
    engine = Engine(spec)
    yield request.param, [engine.judge(submission(text), "s") for text in ("", "def double(x): return 3 * x")]
    engine.stop()


def test_only_a_measuring_judge_sends_errors(results: tuple[bool, list[Result]]) -> None:
    measure, (right, wrong) = results
    assert ("measurements" in repr(right.to_json())) == measure
    for result, is_right in [(right, True), (wrong, False)]:
        double, *others = (test.measurements for test in result.tests)
        assert others == [()] * 4
        assert [(one.file, one.what, one.error <= 1) for one in double] == (
            [("test_task.py", "double", is_right)] if measure else []
        )
        assert Result.from_json(result.to_json()) == result
