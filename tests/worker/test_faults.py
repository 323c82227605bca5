"""An exception of student code, told to the judge: names of classes, a text, the student's own lines."""

from __future__ import annotations

from typing import Any

import pytest

from grader.wire.messages import Raised
from grader.worker.faults import TEXT_LIMIT, TRACEBACK_LIMIT, describe_exception

FILES = {"task.py"}


class Custom(KeyError):
    """A student's own exception."""


class Mute(Exception):
    """Its text raises."""

    def __str__(self) -> str:
        raise RuntimeError("no text")


class Odd(Exception):
    """Its text is no text."""

    def __str__(self) -> Any:
        return 5


def described(error: BaseException) -> Raised:
    """What the judge is told."""
    return describe_exception(3, error, FILES)


def raised_by(source: str) -> BaseException:
    """The exception of a student's module."""
    try:
        exec(compile(source, "task.py", "exec"), {"__name__": "task"})
    except BaseException as error:
        return error
    raise AssertionError


@pytest.mark.parametrize(
    ("error", "bases", "text"),
    [
        (ValueError("bad"), ["ValueError", "ValueError", "Exception", "BaseException", "object"], "bad"),
        (Custom("k"), ["Custom", "KeyError", "LookupError", "Exception", "BaseException", "object"], "'k'"),
        (SystemExit(3), ["SystemExit", "SystemExit", "BaseException", "object"], "3"),
        (ValueError(), ["ValueError", "ValueError", "Exception", "BaseException", "object"], ""),
    ],
    ids=repr,
)
def test_classes_and_text(error: BaseException, bases: list[str], text: str) -> None:
    """The class itself, then the builtin ones it descends from."""
    message = described(error)
    assert (message.id, message.bases, message.text) == (3, bases, text)


@pytest.mark.parametrize(("error", "inner"), [(Mute(), "RuntimeError"), (Odd(), "TypeError")])
def test_a_text_that_raises(error: BaseException, inner: str) -> None:
    """Its surprises stay inside."""
    assert described(error).text == f"(its text raises {inner})"


def test_long_texts_are_cut() -> None:
    """A frame stays small whatever a student raises."""
    message = described(ValueError("x" * 10**6))
    assert len(message.text) == TEXT_LIMIT
    assert len(message.traceback) == TRACEBACK_LIMIT


def test_only_the_student_s_frames() -> None:
    """What lies before the first line of the submission says nothing to a student."""
    message = described(raised_by("def f():\n    return [][1]\n\nf()\n"))
    assert 'File "task.py", line 4, in <module>' in message.traceback
    assert 'File "task.py", line 2, in f' in message.traceback
    assert "test_faults.py" not in message.traceback
    assert message.traceback.endswith("IndexError: list index out of range\n")


def test_endless_recursion() -> None:
    """A thousand frames are told in a few lines."""
    message = described(raised_by("def f():\n    f()\nf()\n"))
    assert message.bases[0] == "RecursionError"
    assert len(message.traceback) < 2000


def test_a_cause_that_is_a_circle() -> None:
    """Exceptions may be each other's cause."""
    first, second = ValueError("one"), ValueError("two")
    first.__cause__, second.__cause__ = second, first
    assert described(first).text == "one"


def test_a_traceback_that_raises() -> None:
    """No traceback then, and still a message."""

    class Hostile(Exception):
        @property
        def __cause__(self) -> Any:  # type: ignore[override]  # hostile on purpose
            raise OSError

    assert described(Hostile("x")).traceback == "(no traceback: OSError)"
