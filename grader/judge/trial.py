"""One submission, test by test, each against a fresh process."""

from __future__ import annotations

import contextlib
import time
import traceback
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from grader.judge.bench import Bench
from grader.judge.child import Child
from grader.judge.faults import MachineFault, StudentFault
from grader.judge.kept import Kept
from grader.judge.measuring import measuring
from grader.judge.plugin import JudgePlugin
from grader.judge.public import judge_public
from grader.judge.score import Outcome, judge, writable
from grader.judge.student import Student
from grader.model.result import HiddenTest, Result, TestResult
from grader.model.submission import Submission
from grader.model.verdict import Blame, Verdict

# A module that fails to load twice fails for every test: no need to sit through an endless import each time.
LOAD_FAILURES = 2
ATTEMPTS = 3
NOT_RUN = "not run: another test has failed"

# What kind of value each reply of a submission was, by test.
Kinds = Mapping[str, list[str]]


@dataclass
class Trial:
    """The trial of one submission. `expected` are the kinds of the reference's replies, None for itself;
    `only` names the tests to run when it is not all of them."""

    bench: Bench
    plugin: JudgePlugin
    expected: Kinds | None
    only: Collection[str] | None = None
    stop_at_first_failure: bool = False
    measure: bool = False
    kinds: dict[str, list[str]] = field(default_factory=dict)
    _load_failures: int = 0

    def __post_init__(self) -> None:
        self._kept = Kept(self.bench)

    def run(self, files: Mapping[str, bytes]) -> Result:
        """Every test due. Whatever goes wrong on our side is in the result, as a withheld test."""
        started = time.monotonic()
        assignment, results = self.bench.assignment, list[TestResult]()
        self.bench.seat(files)
        tests = self.plugin.tests()
        due = [index for index, test in enumerate(tests) if self.only is None or test.name in self.only]
        for index, following in zip(due, [*due[1:], None], strict=False):
            test = tests[index]
            if time.monotonic() - started > assignment.limits.submission_seconds:
                message = f"the whole submission took longer than {assignment.limits.submission_seconds:g} s"
                results.append(TestResult(test=test, verdict=Verdict.TIMED_OUT, message=message))
            elif self.stop_at_first_failure and any(_is_failed(result) for result in results):
                # Withheld: what has not been tried must never turn into a score.
                results.append(TestResult(test=test, verdict=Verdict.TEST_ERROR, message=NOT_RUN))
            elif self._load_failures >= LOAD_FAILURES:
                results.append(_like(results[-1], test))
            else:
                results.append(self._try(index, following, test))
        self._let_go_of_all()
        return Result(
            topic=assignment.slug,
            submission_sha256=Submission(topic=assignment.slug, name="", files=files).sha256,
            tests=tuple(results),
            sandbox=self.bench.server.wall,
            seconds=time.monotonic() - started,
        )

    def _let_go_of_all(self) -> None:
        """End every process of the submission; what holds on to them is torn down first."""
        self.plugin.close()
        self._kept.close()
        self.bench.clear()

    def _try(self, index: int, following: int | None, test: HiddenTest) -> TestResult:
        """One test; again with a new fork server when the old one has died."""
        try:
            for _ in range(ATTEMPTS - 1):
                with contextlib.suppress(MachineFault):
                    return self._attempt(index, following, test)
                self._let_go_of_all()
                self.bench.restart()
            return self._attempt(index, following, test)
        except Exception as error:
            # A machine that fails again and again, or a mistake of ours that one submission has found: it
            # costs this test's verdict, never the batch.
            return TestResult(
                test=test,
                verdict=Verdict.SANDBOX_ERROR,
                message=str(error) if isinstance(error, MachineFault) else "the judge made a mistake",
                evidence=traceback.format_exc(limit=-8),
            )

    def _attempt(self, index: int, following: int | None, test: HiddenTest) -> TestResult:
        started = time.monotonic()
        outcome, printed = self._foregone(test), ""
        if outcome is None:
            child = self.bench.take(fork_ahead=following is not None)
            try:
                outcome = self._hear(index, following, test, child)
            finally:
                printed = child.end()
            self.kinds[test.name] = list(outcome.kinds)
        for error in (outcome.fatal, outcome.error):
            if isinstance(error, MachineFault):
                raise error
        verdict, message, evidence = (judge_public if self.plugin.public else judge)(outcome)
        _let_go(outcome)
        return TestResult(
            test=test,
            verdict=verdict,
            message=writable(message),
            evidence=writable(evidence),
            output=printed,
            seconds=time.monotonic() - started,
            measurements=tuple(outcome.measurements),
        )

    def _foregone(self, test: HiddenTest) -> Outcome | None:
        """What is known before any code of the submission runs: a banned name, or a source that takes for
        ever to look through."""
        try:
            used = self.bench.banned()
        except StudentFault as fault:
            request = f"import {self.bench.assignment.module}"
            return Outcome(error=fault, fatal=fault, request=request)
        bans = (ban for ban in self.bench.assignment.banned if not ban.tests or test.label in ban.tests)
        if banned := [ban.name for ban in bans if ban.name in used]:
            message = f"uses {', '.join(banned)}, which this assignment asks you to do without"
            return Outcome(error=StudentFault(Verdict.BANNED, message))
        return None

    def _hear(self, index: int, following: int | None, test: HiddenTest, child: Child) -> Outcome:
        """Load the submission and run the test against it."""
        try:
            child.open()
        except StudentFault as fault:
            self._load_failures += 1
            return Outcome(error=fault, fatal=child.fatal, request=child.last_request)
        except MachineFault as fault:
            return Outcome(error=fault, fatal=fault)
        self._load_failures = 0
        kept = self._kept
        kept.begin()
        with measuring(self.measure) as notes:
            errors = self.plugin.run(index, following, Student(child), kept)
        asked = bool(child.kinds) or child.fatal is not None
        return Outcome(
            error=errors[0][1] if errors else None,
            broken_fixture=bool(errors) and errors[0][0] != "call",
            fatal=child.fatal or kept.fatal,
            request=child.last_request if asked else kept.request or child.last_request,
            kinds=[*child.kinds, *kept.kinds],
            measurements=list(notes.values()),
            expected_kinds=None if self.expected is None else self.expected.get(test.name),
        )


def _is_failed(result: TestResult) -> bool:
    return result.verdict.blame is Blame.STUDENT


def _let_go(outcome: Outcome) -> None:
    """Free what the frames of a failed test hold. Exceptions and frames hold one another, so that a student's
    arrays would otherwise pile up until the garbage collector comes round."""
    errors: list[BaseException | None] = [outcome.error, outcome.fatal]
    for error in errors:
        if error is not None:
            traceback.clear_frames(error.__traceback__)
            errors += [] if error.__context__ in errors else [error.__context__]


def _like(result: TestResult, test: HiddenTest) -> TestResult:
    """The same failure to load, for a test that was not run."""
    return TestResult(test=test, verdict=result.verdict, message=result.message, evidence=result.evidence)
