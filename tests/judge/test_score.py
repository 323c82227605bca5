"""From what the trusted side saw to a verdict. Whose fault it is decides whether it may cost points."""

from __future__ import annotations

from typing import Any

import pytest

from grader.judge.faults import MachineFault, StudentFault, StudentMissing, student_raised
from grader.judge.score import EVIDENCE_LIMIT, MESSAGE_LIMIT, Outcome, judge
from grader.model.verdict import Verdict
from grader.wire.codec import EncodeError

TIMED_OUT = StudentFault(Verdict.TIMED_OUT, "took longer than 10 seconds")


def raised(name: str, text: str = "text") -> StudentFault:
    """A student's exception."""
    return student_raised([name, name, "Exception"], text, "their traceback")


def failed() -> BaseException:
    """What `pytest.fail` raises."""
    with pytest.raises(BaseException) as caught:
        pytest.fail("DID NOT RAISE ValueError")
    return caught.value


def skipped() -> BaseException:
    """What `pytest.skip` raises."""
    with pytest.raises(BaseException) as caught:
        pytest.skip("not today")
    return caught.value


SAME: dict[str, Any] = {"kinds": ["number"], "expected_kinds": ["number"]}
OTHER: dict[str, Any] = {
    "kinds": ["number", "None"],
    "expected_kinds": ["number", "(array of 1 dimension, number)"],
}


@pytest.mark.parametrize(
    ("outcome", "verdict", "message"),
    [
        (Outcome(error=None), Verdict.PASSED, ""),
        (Outcome(error=AssertionError("y is off"), request="f(int)"), Verdict.WRONG, "f(int): y is off"),
        (
            Outcome(error=AssertionError(), request="f()"),
            Verdict.WRONG,
            "f(): the result is not what it should be",
        ),
        (Outcome(error=failed(), request="f()"), Verdict.WRONG, "f(): DID NOT RAISE ValueError"),
        (
            Outcome(error=raised("ValueError"), request="f()"),
            Verdict.RAISED,
            "f(): raised ValueError: text\ntheir traceback",
        ),
        (
            Outcome(error=raised("AssertionError"), request="f()"),
            Verdict.RAISED,
            "f(): raised AssertionError: text\ntheir traceback",
        ),
        (
            Outcome(error=raised("NotImplementedError", ""), request="f()"),
            Verdict.NOT_IMPLEMENTED,
            "raised NotImplementedError\ntheir traceback",
        ),
        (Outcome(error=StudentMissing("f"), request="g()"), Verdict.MISSING, "there is no f"),
        (Outcome(error=TIMED_OUT, request="f()"), Verdict.TIMED_OUT, "took longer than 10 seconds"),
        (
            Outcome(
                error=StudentFault(Verdict.BAD_REPLY, "returned an integer of 2000 bytes"), request="f()"
            ),
            Verdict.BAD_REPLY,
            "f(): returned an integer of 2000 bytes",
        ),
        (
            Outcome(error=MachineFault("the fork server has gone")),
            Verdict.SANDBOX_ERROR,
            "the fork server has gone",
        ),
        (Outcome(error=EncodeError("a set"), **SAME), Verdict.TEST_ERROR, "EncodeError: a set"),
        (Outcome(error=skipped(), **OTHER), Verdict.TEST_ERROR, "Skipped: not today"),
        (Outcome(error=SystemExit(0), **OTHER), Verdict.TEST_ERROR, "SystemExit: 0"),
        (Outcome(error=KeyError("x"), **SAME), Verdict.TEST_ERROR, "KeyError: 'x'"),
        (Outcome(error=KeyError("x")), Verdict.TEST_ERROR, "KeyError: 'x'"),
        (Outcome(error=KeyError("x"), kinds=["None"]), Verdict.TEST_ERROR, "KeyError: 'x'"),
        (
            Outcome(error=TypeError("cannot unpack"), request="f()", **OTHER),
            Verdict.WRONG,
            "f(): returned None, where the answer is (array of 1 dimension, number)",
        ),
        (
            Outcome(error=AssertionError("x"), broken_fixture=True),
            Verdict.TEST_ERROR,
            "AssertionError: x",
        ),
        (Outcome(error=None, fatal=TIMED_OUT), Verdict.TIMED_OUT, "took longer than 10 seconds"),
        (
            Outcome(error=AssertionError("late"), fatal=TIMED_OUT),
            Verdict.TIMED_OUT,
            "took longer than 10 seconds",
        ),
        (
            Outcome(error=ValueError("own"), fatal=TIMED_OUT, **SAME),
            Verdict.TIMED_OUT,
            "took longer than 10 seconds",
        ),
        (
            Outcome(error=raised("ValueError"), fatal=MachineFault("gone")),
            Verdict.SANDBOX_ERROR,
            "gone",
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_verdicts(outcome: Outcome, verdict: Verdict, message: str) -> None:
    """Each way a test can end. The first fatal fault decides, whatever the test did with it."""
    assert judge(outcome)[:2] == (verdict, message)


def test_evidence_is_for_staff() -> None:
    """A traceback with the test's own lines; the student's message holds none of it."""
    try:
        secret_value = 31415
        raise AssertionError("not zero") if secret_value == 31415 else ValueError
    except AssertionError as error:
        verdict, message, evidence = judge(Outcome(error=error, request="f()"))
    assert (verdict, message) == (Verdict.WRONG, "f(): not zero")
    assert "test_score.py" in evidence
    assert "secret_value == 31415" in evidence


def test_long_texts_are_cut() -> None:
    """A student chooses the length of an exception's text; a page has an end."""
    _, message, evidence = judge(Outcome(error=AssertionError("x" * 10**5)))
    assert len(message) == MESSAGE_LIMIT
    assert len(evidence) == EVIDENCE_LIMIT


@pytest.mark.parametrize(
    ("name", "builtin", "verdict"),
    [
        ("ValueError", ValueError, Verdict.RAISED),
        ("KeyError", KeyError, Verdict.RAISED),
        ("ZeroDivisionError", ArithmeticError, Verdict.RAISED),
        ("IndexError", LookupError, Verdict.RAISED),
        ("NotImplementedError", NotImplementedError, Verdict.NOT_IMPLEMENTED),
        ("MemoryError", MemoryError, Verdict.OUT_OF_MEMORY),
        ("SystemExit", Exception, Verdict.RAISED),
        ("KeyboardInterrupt", Exception, Verdict.RAISED),
        ("StopIteration", Exception, Verdict.RAISED),
        ("GeneratorExit", Exception, Verdict.RAISED),
        ("Exit", Exception, Verdict.RAISED),
        ("Skipped", Exception, Verdict.RAISED),
    ],
)
def test_exceptions_keep_their_kind(name: str, builtin: type[Exception], verdict: Verdict) -> None:
    """`pytest.raises(ValueError)` sees a ValueError; what steers Python or pytest never crosses as itself."""
    fault = raised(name)
    assert isinstance(fault, builtin)
    assert isinstance(fault, Exception)
    assert fault.verdict is verdict
    assert str(fault).splitlines()[0] == f"raised {name}: text"
    assert not isinstance(fault, SystemExit | KeyboardInterrupt | StopIteration)


@pytest.mark.parametrize(
    ("bases", "message"),
    [
        (["Custom", "ValueError", "Exception"], "raised Custom: text"),
        ([], "raised Exception: text"),
        (["x" * 500, "Exception"], f"raised {'x' * 80}: text"),
    ],
)
def test_names_are_only_data(bases: list[str], message: str) -> None:
    """The other side may claim any names."""
    assert str(student_raised(bases, "text", "")) == message


def test_the_claimed_name_makes_no_class() -> None:
    """Only the table's builtins; one class for each, however often it is raised."""
    claimed = student_raised(["MachineFault", "MachineFault", "Exception"], "", "")
    assert not isinstance(claimed, MachineFault)
    assert type(student_raised(["A", "ValueError"], "", "")) is type(
        student_raised(["B", "ValueError"], "", "")
    )


@pytest.mark.parametrize(
    "text",
    [
        "[enforce fail at alloc_cpu.cpp:118] err == 0. DefaultCPUAllocator: can't allocate memory: you tried",
        "Unable to allocate 8.00 GiB for an array with shape (1073741824,) and data type float64",
        "error return without exception set",
    ],
)
def test_out_of_memory_by_its_text(text: str) -> None:
    """torch raises a RuntimeError where numpy raises a MemoryError, and Python where it cannot."""
    assert raised("RuntimeError", text).verdict is Verdict.OUT_OF_MEMORY


def test_missing_is_an_attribute_error() -> None:
    """So that `hasattr(student, name)` works."""
    assert isinstance(StudentMissing("f"), AttributeError)
    assert str(StudentMissing("f")) == "there is no f"
