"""Functions of the test, called by student code: counted here, answered here, failing here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from grader.judge.faults import StudentFault
from grader.judge.forkserver import ForkServer
from grader.judge.student import Student
from grader.model.verdict import Verdict
from grader.wire.codec import EncodeError
from tests.judge.submitting import submitted

MODULE = """
def apply(function, *args, **kwargs): return function(*args, **kwargs)
def swallow(function):
    try:
        function()
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return "nothing"
def often(function, n): return [function(i) for i in range(n)]
def recurse(step, n): return 0 if n == 0 else 1 + step(n - 1)
def hand_back(function): return function
def double(x): return 2 * x
def fail(): raise ValueError("inner")
class Model:
    def __init__(self, step): self.step = step
    def run(self, n): return [self.step(i) for i in range(n)]
"""


@pytest.fixture(scope="module")
def student(server: ForkServer) -> Iterator[Student]:
    """The module above, with a long life."""
    with submitted(server, MODULE, test_seconds=300.0) as student:
        yield student


def test_arguments_and_values(student: Student) -> None:
    """Both ways, of every type; each call is seen."""
    seen: list[Any] = []

    def step(x: Any, *, mask: Any = None) -> Any:
        seen.append((x, mask))
        return {"next": x * 2}

    answer = student.apply(step, np.arange(3), mask=[True])
    assert answer["next"].tolist() == [0, 2, 4]
    assert seen[0][0].tolist() == [0, 1, 2]
    assert seen[0][1] == [True]
    assert len(seen) == 1


def test_many_calls(student: Student) -> None:
    """In order."""
    assert student.often(lambda i: i * i, 100) == [i * i for i in range(100)]


def test_a_function_that_is_kept(student: Student) -> None:
    """An object may call it in a later call."""
    calls: list[int] = []
    model = student.Model(calls.append)
    model.run(2)
    model.run(1)
    assert calls == [0, 1, 0]


def test_a_function_comes_back_as_itself(student: Student) -> None:
    """`is`, not a copy."""

    def mine() -> None:
        """Handed over and back."""

    assert student.hand_back(mine) is mine
    assert student.hand_back([mine])[0] is mine


def test_calling_back_into_the_student(student: Student) -> None:
    """From within a callback, to any depth."""

    def step(n: int) -> Any:
        return student.recurse(step, n)

    assert student.recurse(step, 8) == 8


def test_student_functions_and_objects_in_a_callback(student: Student) -> None:
    """They are what they were."""
    model = student.Model(len)
    assert student.apply(lambda thing: thing, model) is model
    assert student.apply(lambda: student.double)(4) == 8


def test_an_exception_of_the_test_inside(student: Student) -> None:
    """The student learns that there was one, and its kind; not its text."""

    def step() -> None:
        raise KeyError("hidden value 31415")

    assert student.swallow(step) == "RuntimeError: the function that the test passed raised KeyError"
    with pytest.raises(RuntimeError, match="raised KeyError") as caught:
        student.apply(step)
    assert "31415" not in str(caught.value)


def test_a_failed_check_inside_fails_the_test(student: Student) -> None:
    """Even where the student's code swallows it."""

    def step() -> None:
        raise AssertionError("called with a wrong state")

    with pytest.raises(AssertionError, match="called with a wrong state"):
        student.swallow(step)
    assert student.double(1) == 2


def test_an_exception_of_the_student_inside(student: Student) -> None:
    """A test may expect it within the callback."""

    def step() -> str:
        with pytest.raises(ValueError, match="inner"):
            student.fail()
        return "caught"

    assert student.apply(step) == "caught"


def test_an_exception_of_the_student_that_nobody_expects(server: ForkServer) -> None:
    """It ends the conversation, which it has broken off in the middle."""
    with submitted(server, MODULE) as student:
        with pytest.raises(ValueError, match="raised ValueError: inner"):
            student.apply(lambda: student.fail())
        with pytest.raises(StudentFault, match="raised ValueError: inner"):
            student.double(1)


def test_an_answer_that_cannot_be_sent(server: ForkServer) -> None:
    """The test's own mistake."""
    with submitted(server, MODULE) as student, pytest.raises(EncodeError, match="a test passed a object"):
        student.apply(lambda: object())


def test_the_budget(server: ForkServer) -> None:
    """Callbacks of a whole test are counted, not of one call."""
    with submitted(server, MODULE, callbacks=10) as student:
        assert len(student.often(lambda i: i, 8)) == 8
        with pytest.raises(StudentFault) as caught:
            student.often(lambda i: i, 8)
        assert caught.value.verdict is Verdict.TIMED_OUT
        assert str(caught.value) == "called the function it was given more than 10 times"


def test_callbacks_have_no_time_of_their_own(server: ForkServer) -> None:
    """A call that calls back for ever meets the deadline of the call."""
    endless = "def f(step):\n    while True: step()\n"
    with submitted(server, endless, call_seconds=0.3) as student, pytest.raises(StudentFault) as caught:
        student.f(lambda: None)
    assert caught.value.verdict is Verdict.TIMED_OUT
