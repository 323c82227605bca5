"""One submission, test by test, each against a fresh process."""

from __future__ import annotations

import contextlib
import time
import traceback
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

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
    """The trial of one submission under each of `secrets`, which decide the data of the tests.

    `expected` are the kinds of the reference's replies under each, None for the reference itself; `only`
    names the tests to run when it is not all of them. Every test has a process of its own; under several
    secrets, which only `verify` has, the same process serves it under each of them, and a test that does not
    see the secret is run under the first alone.
    """

    bench: Bench
    plugin: JudgePlugin
    secrets: Sequence[str]
    expected: Sequence[Kinds | None]
    only: Collection[str] | None = None
    stop_at_first_failure: bool = False
    measure: bool = False
    kinds: list[dict[str, list[str]]] = field(default_factory=list)  # under each secret
    _load_failures: int = 0
    _stood_still: float = 0.0  # seconds for which the machine kept its processes waiting

    def __post_init__(self) -> None:
        self._kept = Kept(self.bench)
        self.kinds = [{} for _ in self.secrets]

    def run(self, files: Mapping[str, bytes]) -> list[Result]:
        """Every test due, under each secret. Whatever goes wrong on our side is in the result, as a withheld
        test."""
        started = time.monotonic()
        patience = self.bench.assignment.limits.submission_seconds
        found: list[list[TestResult]] = []  # by test, then by secret
        self.bench.seat(files)
        tests = self.plugin.tests()
        due = [index for index, test in enumerate(tests) if self.only is None or test.name in self.only]
        for index, following in zip(due, [*due[1:], None], strict=False):
            test = tests[index]
            if time.monotonic() - started - self._stood_still > patience * len(self.secrets):
                message = f"the whole submission took longer than {patience:g} s"
                found.append(self._alike(test, Verdict.TIMED_OUT, message))
            elif self.stop_at_first_failure and any(_is_failed(one) for results in found for one in results):
                # Withheld: what has not been tried must never turn into a score.
                found.append(self._alike(test, Verdict.TEST_ERROR, NOT_RUN))
            elif self._load_failures >= LOAD_FAILURES:
                found.append([replace(result, test=test, output="", seconds=0.0) for result in found[-1]])
            else:
                found.append(self._try(index, following, test))
        self._let_go_of_all()
        return [self._result(files, results, started) for results in zip(*found, strict=True)]

    def _result(self, files: Mapping[str, bytes], tests: tuple[TestResult, ...], started: float) -> Result:
        slug = self.bench.assignment.slug
        return Result(
            topic=slug,
            submission_sha256=Submission(topic=slug, name="", files=files).sha256,
            tests=tests,
            sandbox=self.bench.server.wall,
            seconds=(time.monotonic() - started) / len(self.secrets),
        )

    def _alike(
        self, test: HiddenTest, verdict: Verdict, message: str, evidence: str = ""
    ) -> list[TestResult]:
        """The same result under every secret."""
        return [
            TestResult(test=test, verdict=verdict, message=message, evidence=evidence) for _ in self.secrets
        ]

    def _let_go_of_all(self) -> None:
        """End every process of the submission; what holds on to them is torn down first."""
        self.plugin.close()
        self._kept.close()
        self.bench.clear()

    def _try(self, index: int, following: int | None, test: HiddenTest) -> list[TestResult]:
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
            message = str(error) if isinstance(error, MachineFault) else "the judge made a mistake"
            return self._alike(test, Verdict.SANDBOX_ERROR, message, traceback.format_exc(limit=-8))

    def _attempt(self, index: int, following: int | None, test: HiddenTest) -> list[TestResult]:
        foregone = self._foregone(test)
        if foregone is not None:
            return [self._told(test, foregone, "", 0.0) for _ in self.secrets]
        due = len(self.secrets) if self.plugin.sees_the_secret(index) else 1
        results: list[TestResult] = []
        while len(results) < due:
            results += self._hear(index, following, test, len(results), due)
        return results * (len(self.secrets) // due)

    def _told(self, test: HiddenTest, outcome: Outcome, printed: str, seconds: float) -> TestResult:
        """The result of an outcome. Raises MachineFault where it was the machine's."""
        for error in (outcome.fatal, outcome.error):
            if isinstance(error, MachineFault):
                raise error
        verdict, message, evidence = (judge_public if self.plugin.public else judge)(outcome)
        _let_go(outcome)
        if verdict is Verdict.PASSED and not self.plugin.public:
            evidence = self._for_review(test)
        return TestResult(
            test=test,
            verdict=verdict,
            message=writable(message),
            evidence=writable(evidence),
            output=printed,
            seconds=seconds,
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
        if banned := [name for name in self._bans(test) if name in used]:
            message = f"uses {', '.join(banned)}, which this assignment asks you to do without"
            return Outcome(error=StudentFault(Verdict.BANNED, message))
        return None

    def _bans(self, test: HiddenTest) -> list[str]:
        """Names that the submission is to do without in a test."""
        bans = self.bench.assignment.banned
        return [ban.name for ban in bans if not ban.tests or test.label in ban.tests]

    def _for_review(self, test: HiddenTest) -> str:
        """What only a person can tell: whether a name that is looked up during the run is a banned one."""
        bans, places = self._bans(test), self.bench.lookups()
        if not (bans and places):
            return ""
        return f"looks names up while it runs ({'; '.join(places)}); {', '.join(bans)} is not to be used here"

    def _hear(
        self, index: int, following: int | None, test: HiddenTest, first: int, due: int
    ) -> list[TestResult]:
        """Run the test against one process, under the secrets from `first` to before `due`, until it is
        broken."""
        started = time.monotonic()
        child = self.bench.take(fork_ahead=following is not None)
        outcomes: list[tuple[Outcome, float]] = []
        try:
            broken = self._open(child)
            for place in range(first, due):
                last = place + 1 == due
                outcome = broken or self._run(
                    index, following if last else self.plugin.sibling(index), test, child, place
                )
                outcomes.append((outcome, time.monotonic() - started))
                started = time.monotonic()
                if outcome.fatal is not None and broken is None:
                    break
        finally:
            printed = child.end()
            self._stood_still += child.stood_still
        return [self._told(test, outcome, printed, seconds) for outcome, seconds in outcomes]

    def _open(self, child: Child) -> Outcome | None:
        """Load the submission; what became of it if it does not load, which no data would change."""
        try:
            child.open()
        except StudentFault as fault:
            self._load_failures += 1
            return Outcome(error=fault, fatal=child.fatal, request=child.last_request)
        except MachineFault as fault:
            return Outcome(error=fault, fatal=fault)
        self._load_failures = 0
        return None

    def _run(self, index: int, following: int | None, test: HiddenTest, child: Child, place: int) -> Outcome:
        """The test under one secret."""
        kept, expected = self._kept, self.expected[place]
        kept.begin()
        child.begin()
        self.plugin.secret = self.secrets[place]
        with measuring(self.measure) as notes:
            errors = self.plugin.run(index, following, Student(child), kept)
        asked = bool(child.kinds) or child.fatal is not None
        kinds = self.kinds[place][test.name] = [*child.kinds, *kept.kinds]
        return Outcome(
            error=errors[0][1] if errors else None,
            broken_fixture=bool(errors) and errors[0][0] != "call",
            fatal=child.fatal or kept.fatal,
            request=child.last_request if asked else kept.request or child.last_request,
            kinds=kinds,
            measurements=list(notes.values()),
            expected_kinds=None if expected is None else expected.get(test.name),
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
