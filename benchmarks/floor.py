"""The floor: the same test bodies called in one warm process, without pytest and without isolation."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.contender import Contender, Unfit, Verdicts, environment
from benchmarks.hidden import call_test, hidden_tests
from benchmarks.submissions import ROOT, Handed
from benchmarks.usage import tree_cpu_seconds
from grader.judge.reference import load_module


class Floor(Contender):
    """A child process that is told a file and answers with the tests it passed."""

    name = "floor"
    what = "test bodies in one warm process"

    def start(self) -> None:
        """Start the process; the first submission warms it up."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.floor", self.topic],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._passed: Verdicts = {}

    def run(self, handed: Sequence[Handed]) -> None:
        """One line there, one line back."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        for each in handed:
            print(each.path, file=self._process.stdin, flush=True)
            answer = self._process.stdout.readline()
            if not answer:
                raise Unfit("the floor's process has ended; see its message above")
            self._passed[each.student] = frozenset(json.loads(answer))

    def verdicts(self, handed: Sequence[Handed]) -> Verdicts:
        """As answered."""
        return {each.student: self._passed[each.student] for each in handed}

    def cpu_seconds(self) -> float:
        """Of the process."""
        return tree_cpu_seconds(self._process.pid)

    def stop(self) -> None:
        """End the process."""
        self._process.communicate()


def passes(topic: str, name: str, function: Any, module: Any) -> bool:
    """Whether a test body runs through; `pytest.fail` raises beyond Exception."""
    try:
        call_test(topic, name, function, module)
    except KeyboardInterrupt:
        raise
    except BaseException:
        return False
    return True


def serve(topic: str) -> None:
    """Answer for one file after the other until standard input ends. What they print is thrown away."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    tests = hidden_tests(topic)
    for line in sys.stdin:
        module = load_module(Path(line.strip()))
        passed = [name for name, function in tests.items() if passes(topic, name, function, module)]
        print(json.dumps(passed), file=answers, flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
