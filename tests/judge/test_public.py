"""The words of a failed public test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.judge.collecting import explain_collecting
from grader.judge.faults import StudentFault, student_raised
from grader.judge.public import failed_test, judge_public, place
from grader.judge.score import Outcome
from grader.model.verdict import Verdict


def error_of(check: Any, *arguments: Any, **options: Any) -> BaseException:
    """The exception that a check ends with."""
    with pytest.raises(BaseException) as caught:
        check(*arguments, **options)
    return caught.value


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            error_of(np.testing.assert_allclose, np.arange(30.0), np.zeros(30)),
            "29 of 30 values are off, most at [29]: 29 where 0 is due",
        ),
        (
            error_of(np.testing.assert_array_equal, np.array([[1, 2]]), np.array([[1, 3]])),
            "1 of 2 values are off, most at [0, 1]: 2 where 3 is due\n"
            "  yours:    [[1 2]]\n  expected: [[1 3]]",
        ),
        (error_of(np.testing.assert_allclose, 1.5, 1.0), "1.5 where 1 is due"),
        (error_of(np.testing.assert_allclose, 1 + 2j, 1.0), "1+2j where 1 is due"),
        (
            error_of(np.testing.assert_allclose, np.array([1.0, np.inf]), np.array([1.0, 2.0])),
            "1 of 2 values are off, most at [1]: inf where 2 is due; 1 values are nan or inf\n"
            "  yours:    [ 1. inf]\n  expected: [1. 2.]",
        ),
        (
            error_of(np.testing.assert_array_almost_equal, np.array([1.01, 2.2]), [1.0, 2.0], decimal=1),
            "1 of 2 values are off, most at [1]: 2.2 where 2 is due\n"
            "  yours:    [1.01 2.2 ]\n  expected: [1. 2.]",
        ),
        (error_of(np.testing.assert_allclose, None, 1.0), "your value is None, not numbers"),
        (error_of(np.testing.assert_allclose, [[1], [1, 2]], 1.0), "your value is [[int], [int, int]]"),
        (error_of(np.testing.assert_equal, "left", "right"), "\nItems are not equal:"),
        (AssertionError("assert 1 == 2\n  \n  Use -v to get more diff"), "assert 1 == 2"),
        (AssertionError(), "the result is not what it should be"),
        (TypeError("no"), "the test could not go on with that: TypeError: no"),
    ],
)  # fmt: skip
def test_what_a_test_found(error: BaseException, words: str) -> None:
    assert failed_test(error).startswith(words.strip())


def test_a_difference_in_the_type_alone_is_left_to_numpy() -> None:
    error = error_of(np.testing.assert_array_equal, np.array([1]), np.array([1.0]), strict=True)
    assert "dtypes int64, float64 mismatch" in failed_test(error)


def test_the_line_of_the_test(tmp_path: Path) -> None:
    path = tmp_path / "test_public.py"
    path.write_text("def test_x():\n    y = 1\n    assert y == 2, 'no'\n")
    names: dict[str, Any] = {}
    exec(compile(path.read_text(), str(path), "exec"), names)
    assert place(error_of(names["test_x"])) == "test_public.py:3: assert y == 2, 'no'"
    assert place(ValueError()) == ""


def test_the_call_stands_before_what_was_found() -> None:
    request = "f(float64 array of shape (2, 3), int64 tensor of shape (4,), None)"
    outcome = Outcome(error=AssertionError("too small"), request=request)
    verdict, message, _ = judge_public(outcome)
    assert verdict is Verdict.WRONG
    assert message == "f(float64 (2, 3), int64 tensor (4,), None): too small"
    outcome = Outcome(error=AssertionError("too small"), request=f"f({'x' * 100})")
    assert judge_public(outcome)[1] == f"f({'x' * 100}):\n  too small"


def test_a_test_that_stumbles_over_an_answer_has_found_it_wrong() -> None:
    outcome = Outcome(error=TypeError("no"), request="f()", kinds=["number", "None"])
    verdict, message, _ = judge_public(outcome)
    assert verdict is Verdict.WRONG
    assert message == "f(): returned None; the test could not go on with that: TypeError: no"


def test_a_broken_fixture_stays_the_staffs_fault() -> None:
    assert judge_public(Outcome(error=TypeError("no"), broken_fixture=True))[0] is Verdict.TEST_ERROR


def test_a_passed_test_needs_no_words() -> None:
    assert judge_public(Outcome(error=None)) == (Verdict.PASSED, "", "")


def test_faults_of_the_work() -> None:
    raised = student_raised(
        ["ValueError", "ValueError"], "bad", 'File "a.py", line 1, in f\nValueError: bad\n'
    )
    verdict, message, _ = judge_public(Outcome(error=raised, request="f()"))
    assert (verdict, message) == (Verdict.RAISED, 'f() raised\nFile "a.py", line 1, in f\nValueError: bad')
    late = StudentFault(Verdict.TIMED_OUT, "took longer than 2 seconds")
    assert judge_public(Outcome(error=late, fatal=late, request="f()"))[:2] == (
        Verdict.TIMED_OUT,
        "f(): took longer than 2 seconds",
    )
    missing = StudentFault(Verdict.MISSING, "there is no g")
    assert judge_public(Outcome(error=missing, request="f()"))[1] == "there is no g"


def test_advice_is_kept() -> None:
    text = "EOF when reading a line"
    raised = student_raised(["EOFError", "EOFError"], text, f"EOFError: {text}\n")
    message = judge_public(Outcome(error=raised, request="f()"))[1]
    assert message == f"f() raised\nRemove it: nobody answers input() here.\nEOFError: {text}"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("x = 1\ny = (\n", "test_x.py:2: SyntaxError: '(' was never closed"),
        ("x = 1\nimport numpyy\n", "test_x.py:2: ModuleNotFoundError: No module named 'numpyy'"),
        ("\n\n1 / 0\n", "test_x.py:3: ZeroDivisionError: division by zero"),
    ],
)
def test_why_a_file_cannot_be_collected(tmp_path: Path, source: str, reason: str) -> None:
    path = tmp_path / "test_x.py"
    path.write_text(source)
    error = error_of(lambda: exec(compile(source, str(path), "exec"), {}))
    assert explain_collecting(error, path) == reason
    wrapped = ImportError("long story")
    wrapped.__cause__ = error
    assert explain_collecting(wrapped, path) == reason
    assert explain_collecting(RuntimeError("odd"), path) == "test_x.py: RuntimeError: odd"
