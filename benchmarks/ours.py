"""Our engine: one judge process, its fork server, a fresh confined process for every test."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

from benchmarks.contender import Contender, Unfit, Verdicts
from benchmarks.hidden import SECRET
from benchmarks.submissions import ROOT, Handed, reference_path
from benchmarks.usage import children, tree_cpu_seconds
from grader.course.load import load_assignment
from grader.errors import GraderError
from grader.judge.engine import Engine
from grader.judge.spec import JudgeSpec, Sandbox
from grader.model.result import Result
from grader.model.submission import Submission
from grader.model.verdict import Verdict

# Others end the whole run, or are no verdict that an ordinary test runner knows: nothing to compare.
COMPARABLE = {Verdict.PASSED, Verdict.WRONG, Verdict.RAISED, Verdict.NOT_IMPLEMENTED, Verdict.MISSING}


class Ours(Contender):
    """`grade` with one worker, as it stands after the first submission."""

    name = "ours"
    what = "one judge, fork per test, whole wall"

    def start(self) -> None:
        """Start the judge and let it judge the reference: paid once a topic, kept in `start_seconds`."""
        path = ROOT / "assignments" / self.topic / "assignment.yaml"
        reference = reference_path(self.topic)
        self._engine = Engine(
            JudgeSpec(
                assignment=load_assignment(path),
                tests=ROOT / "autotests" / self.topic,
                root=ROOT,
                reference=reference,
                sandbox=Sandbox.REQUIRED,
            )
        )
        self._results: dict[str, Result] = {}
        before, started = set(children(os.getpid())), time.perf_counter()
        try:
            self._engine.start()
            self._engine.judge(self._submission("reference", reference.read_bytes()), SECRET)
        except GraderError as error:
            self._engine.stop()
            raise Unfit(str(error)) from error
        self.start_seconds = time.perf_counter() - started
        (self._pid,) = set(children(os.getpid())) - before

    def run(self, handed: Sequence[Handed]) -> None:
        """Judge one after the other."""
        for each in handed:
            submission = self._submission(each.student, each.path.read_bytes())
            self._results[each.student] = self._engine.judge(submission, SECRET)

    def verdicts(self, handed: Sequence[Handed]) -> Verdicts:
        """Names of the passed tests."""
        return {
            each.student: frozenset(
                row.test.name for row in self._results[each.student].tests if row.verdict is Verdict.PASSED
            )
            for each in handed
        }

    def incomparable(self, handed: Sequence[Handed]) -> list[Handed]:
        """Submissions that the other contenders have no verdict for: endless loops, crashes, banned names."""
        return [
            each
            for each in handed
            if any(row.verdict not in COMPARABLE for row in self._results[each.student].tests)
        ]

    def cpu_seconds(self) -> float:
        """Of the judge, its fork server and all the children that this one has ended."""
        return tree_cpu_seconds(self._pid)

    def stop(self) -> None:
        """End the judge."""
        self._engine.stop()

    def _submission(self, name: str, source: bytes) -> Submission:
        return Submission(topic=self.topic, name=name, files={f"{self.topic}.py": source})
