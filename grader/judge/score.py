"""From what happened in a hidden test to a verdict, and to the words that a student and the staff may
read."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass

from grader.judge.faults import MachineFault, StudentFault
from grader.model.result import Measurement
from grader.model.verdict import Verdict
from grader.wire.codec import EncodeError

MESSAGE_LIMIT, EVIDENCE_LIMIT = 2000, 6000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the trusted side saw of one test."""

    error: BaseException | None  # what ended the test, None when it ran through
    broken_fixture: bool = False  # the error came before or after the test itself
    fatal: StudentFault | MachineFault | None = None  # what ended the student's process, if anything did
    request: str = ""  # the last thing asked of the student
    kinds: Sequence[str] = ()  # kinds of the student's replies
    expected_kinds: Sequence[str] | None = None  # of the reference's, None when it is the reference
    measurements: Sequence[Measurement] = ()  # none unless the spec asks for them


def judge(outcome: Outcome) -> tuple[Verdict, str, str]:
    """Verdict, message for the student, evidence for the staff. Passed only if nothing at all went wrong."""
    # The first fatal fault decides, even where a test caught it and went on.
    error = outcome.fatal or outcome.error
    if error is None:
        return Verdict.PASSED, "", ""
    verdict, message = _judge_error(error, outcome)
    if verdict in (Verdict.WRONG, Verdict.RAISED, Verdict.BAD_REPLY) and outcome.request:
        message = f"{outcome.request}: {message}"
    if isinstance(error, StudentFault) and error.evidence:
        message = f"{message}\n{error.evidence}"
    return verdict, message[:MESSAGE_LIMIT], trace(error)


def _judge_error(error: BaseException, outcome: Outcome) -> tuple[Verdict, str]:
    if isinstance(error, MachineFault):
        return Verdict.SANDBOX_ERROR, str(error)
    if isinstance(error, StudentFault):
        return error.verdict, error.message
    if outcome.broken_fixture or isinstance(error, EncodeError):
        return Verdict.TEST_ERROR, f"{type(error).__name__}: {error}"
    if is_failed_check(error):
        return Verdict.WRONG, str(error).strip() or "the result is not what it should be"
    return _judge_broken_test(error, outcome)


def is_failed_check(error: BaseException) -> bool:
    """An assert of the test, or `pytest.fail` (`pytest.raises` that saw no exception ends so)."""
    return isinstance(error, AssertionError) or type(error).__name__ == "Failed"


def _judge_broken_test(error: BaseException, outcome: Outcome) -> tuple[Verdict, str]:
    """The test itself raised. Did it choke on an answer of the wrong kind, or is it broken?

    The reference has passed this very test on this very data, so a reply of another kind is what it choked
    on; with replies of the same kinds the fault is ours.
    """
    own = f"{type(error).__name__}: {error}"
    if outcome.expected_kinds is None or not isinstance(error, Exception) or _is_skip(error):
        return Verdict.TEST_ERROR, own
    for got, expected in zip(outcome.kinds, outcome.expected_kinds, strict=False):
        if got != expected:
            return Verdict.WRONG, f"returned {got}, where the answer is {expected}"
    return Verdict.TEST_ERROR, own


def _is_skip(error: BaseException) -> bool:
    return type(error).__name__ in ("Skipped", "XFailed")


def writable(text: str) -> str:
    """Text that any file and database takes: lone surrogates, which are a student's, are spelled out."""
    return text.encode("utf-8", "backslashreplace").decode()


def trace(error: BaseException) -> str:
    """The error with its last frames, for staff only: it may show hidden source."""
    return "".join(traceback.format_exception(error, limit=-8))[-EVIDENCE_LIMIT:]
