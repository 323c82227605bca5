"""`python -m pytest` in a fresh process for each submission: what most course repositories do."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence

from benchmarks.contender import Contender, Unfit, Verdicts, run_quietly
from benchmarks.hidden import SECRET, hidden_tests
from benchmarks.submissions import ROOT, Handed

_PASSED = re.compile(r"^PASSED \S+::(\w+)", re.MULTILINE)
_OUTCOME = re.compile(r"^(?:PASSED|FAILED|ERROR) \S+::(\w+)", re.MULTILINE)
SOME_FAILED = 1


class PlainPytest(Contender):
    """The hidden tests through `grader.judge.authoring`, the submission imported beside them."""

    name = "pytest"
    what = "python -m pytest, a process a submission"

    def run(self, handed: Sequence[Handed]) -> None:
        """One process a submission; byte code and rewritten asserts are cached on disk."""
        self._outputs = {
            each.student: run_quietly(self.command(each), ROOT, (0, SOME_FAILED)) for each in handed
        }

    def command(self, handed: Handed) -> list[str]:
        """No tracebacks, no cache, no third-party plugins: a grader need not spend time on them."""
        # Our own configuration makes every warning an error; the judge does not.
        ours_off = ["-c", os.devnull, f"--rootdir={ROOT}"]
        lean = ["-q", "--tb=no", "-rA", "-p", "no:cacheprovider"]
        submission = [f"--submission={handed.path}", f"--data-seed={SECRET}"]
        return [sys.executable, "-m", "pytest", f"autotests/{self.topic}", *submission, *ours_off, *lean]

    def verdicts(self, handed: Sequence[Handed]) -> Verdicts:
        """From the short summary."""
        expected = set(hidden_tests(self.topic))
        for each in handed:
            seen = set(_OUTCOME.findall(self._outputs[each.student]))
            if seen != expected:
                raise Unfit(f"pytest reported {len(seen)} of {len(expected)} tests for {each.variant}")
        return {each.student: frozenset(_PASSED.findall(self._outputs[each.student])) for each in handed}
