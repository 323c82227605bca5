"""How one hidden test ended, and whose fault it is when it did not pass."""

from __future__ import annotations

from enum import Enum


class Blame(Enum):
    """Only `STUDENT` may cost points; the other two withhold the score."""

    NOBODY = "nobody"
    STUDENT = "student"
    STAFF = "staff"
    MACHINE = "machine"


class Verdict(Enum):
    """The outcome of one test of one submission."""

    PASSED = "PASSED"
    WRONG = "WRONG"  # answered, but the answer is not right
    RAISED = "RAISED"  # raised an exception where a value was due
    NOT_IMPLEMENTED = "NOT_IMPLEMENTED"  # the stub's own NotImplementedError
    MISSING = "MISSING"  # a function, class or attribute is not there
    TIMED_OUT = "TIMED_OUT"
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    OUTPUT_LIMIT = "OUTPUT_LIMIT"  # printed more than the cap
    CRASHED = "CRASHED"  # the process ended: exit, signal
    BAD_REPLY = "BAD_REPLY"  # bytes that are not the wire's language, or a value it cannot carry
    BANNED = "BANNED"  # uses a name that the assignment asks to do without
    TEST_ERROR = "TEST_ERROR"  # the hidden test itself is broken
    SANDBOX_ERROR = "SANDBOX_ERROR"  # the judge or the wall failed

    @property
    def blame(self) -> Blame:
        """Whose fault this outcome is."""
        if self is Verdict.PASSED:
            return Blame.NOBODY
        if self is Verdict.TEST_ERROR:
            return Blame.STAFF
        if self is Verdict.SANDBOX_ERROR:
            return Blame.MACHINE
        return Blame.STUDENT
