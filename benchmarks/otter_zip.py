"""`otter run` in a fresh process for each submission, with an autograder zip of exception-style tests."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.contender import Contender, Unfit, Verdicts, run_quietly
from benchmarks.hidden import hidden_tests, points
from benchmarks.submissions import Handed

TEST_FILE = """
from otter.test_files import test_case

from benchmarks.hidden import run_in_notebook

OK_FORMAT = False
name = {name!r}
points = {points}


@test_case()
def {name}(env):
    run_in_notebook({topic!r}, {name!r}, env)
"""
CONFIG = {"lang": "python", "print_summary": False, "print_score": False, "show_stdout": False}


class OtterZip(Contender):
    """The submitted module as a script, which spares otter a notebook; it starts a kernel all the same."""

    name = "otter"
    what = "otter run, a process a submission"

    def start(self) -> None:
        """Write the zip: one test file for each hidden test."""
        self._zip = self.folder / "autograder.zip"
        with zipfile.ZipFile(self._zip, "w") as archive:
            archive.writestr("otter_config.json", json.dumps(CONFIG))
            for name, function in hidden_tests(self.topic).items():
                text = TEST_FILE.format(name=name, points=points(function), topic=self.topic)
                archive.writestr(f"tests/{name}.py", text)

    def run(self, handed: Sequence[Handed]) -> None:
        """One process a submission."""
        for each in handed:
            results = self.folder / "results" / each.student
            results.mkdir(parents=True, exist_ok=True)
            options: list[str | Path] = ["-a", self._zip, "-o", results, "--no-logo"]
            run_quietly(["otter", "run", *options, each.path], self.folder)

    def verdicts(self, handed: Sequence[Handed]) -> Verdicts:
        """From results.json: full points or none."""
        return {each.student: self._passed(each) for each in handed}

    def _passed(self, handed: Handed) -> frozenset[str]:
        path = self.folder / "results" / handed.student / "results.json"
        rows = json.loads(path.read_text(encoding="utf-8"))["tests"]
        scores = {row["name"]: (row["score"], row["max_score"]) for row in rows if "score" in row}
        if set(scores) != set(hidden_tests(self.topic)):
            raise Unfit(f"otter scored {len(scores)} tests of {handed.variant}: {path.read_text()[:800]}")
        return frozenset(name for name, (score, best) in scores.items() if score == best)
