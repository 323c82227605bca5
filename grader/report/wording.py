"""What a verdict is called in front of a student."""

from __future__ import annotations

from enum import Enum

from grader.model.verdict import Blame, Verdict

SENTENCES = {
    Verdict.PASSED: "Passed.",
    Verdict.WRONG: "Your code answered, but the answer is not right.",
    Verdict.RAISED: "Your code raised an exception where an answer was due.",
    Verdict.NOT_IMPLEMENTED: "Not written yet: your code still raises NotImplementedError here.",
    Verdict.MISSING: "A function, class or attribute that the task asks for is not there.",
    Verdict.TIMED_OUT: "Your code did not answer in the time allowed.",
    Verdict.OUT_OF_MEMORY: "Your code needed more memory than allowed.",
    Verdict.OUTPUT_LIMIT: "Your code printed more than allowed.",
    Verdict.CRASHED: "Your code ended its Python process (an exit or a crash) instead of answering.",
    Verdict.BAD_REPLY: "Your code answered with something that cannot be read as a plain value.",
    Verdict.BANNED: "Your code uses a name that this task asks to do without.",
    Verdict.TEST_ERROR: "Withheld: our fault. This test is broken; it costs you nothing.",
    Verdict.SANDBOX_ERROR: "Withheld: our fault. The judging machine failed; it costs you nothing.",
}


class Mark(Enum):
    """A verdict at a glance; the value is the word for it."""

    PASSED = "passed"
    FAILED = "not passed"
    WITHHELD = "withheld"

    @property
    def sign(self) -> str:
        """One character that is told from the others without colour."""
        return {Mark.PASSED: "✓", Mark.FAILED: "✗", Mark.WITHHELD: "?"}[self]


def mark_of(verdict: Verdict) -> Mark:
    """Only a student's own fault is a failure."""
    return {Blame.NOBODY: Mark.PASSED, Blame.STUDENT: Mark.FAILED}.get(verdict.blame, Mark.WITHHELD)
