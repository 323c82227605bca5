"""`nbgrader autograde` over a real course directory: a solution cell, and a test cell for each test."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from benchmarks.contender import Contender, Unfit, Verdicts, run_quietly
from benchmarks.hidden import hidden_tests, points
from benchmarks.submissions import Handed, reference_path

ASSIGNMENT = "ps1"
SOLUTION = "solution"
# nbgrader gives no points to a cell that wrote to stderr, be it a harmless warning.
SETUP = "import warnings\n\nwarnings.simplefilter('ignore')\nfrom benchmarks.hidden import run_in_notebook"
CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'benchmark'\nc.Application.log_level = 'ERROR'\n"
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


class NbgraderCourse(Contender):
    """One process for the whole batch, as nbgrader is fastest; it starts a kernel for each notebook."""

    name = "nbgrader"
    what = "nbgrader autograde, one process a batch"

    def start(self) -> None:
        """Write the source notebook and have nbgrader make the release version."""
        self._template = self.folder / "template"
        source = self._template / "source" / ASSIGNMENT / f"{self.topic}.ipynb"
        source.parent.mkdir(parents=True)
        (self._template / "nbgrader_config.py").write_text(CONFIG)
        nbformat.write(source_notebook(self.topic), source)
        run_quietly(["nbgrader", "generate_assignment", ASSIGNMENT], self._template)
        self._released = self._template / "release" / ASSIGNMENT / f"{self.topic}.ipynb"

    def prepare(self, handed: Sequence[Handed]) -> None:
        """A fresh course with the batch: the released notebook, its solution cell filled in."""
        self._course = self.folder / "course"
        shutil.rmtree(self._course, ignore_errors=True)
        shutil.copytree(self._template, self._course)
        for each in handed:
            notebook = nbformat.read(self._released, as_version=4)
            for cell in notebook.cells:
                if cell.metadata.nbgrader.grade_id == SOLUTION:
                    cell.source = each.path.read_text(encoding="utf-8")
            target = self._course / "submitted" / each.student / ASSIGNMENT / f"{self.topic}.ipynb"
            target.parent.mkdir(parents=True)
            nbformat.write(notebook, target)

    def run(self, handed: Sequence[Handed]) -> None:
        """Autograde all of it."""
        run_quietly(["nbgrader", "autograde", ASSIGNMENT], self._course)

    def verdicts(self, handed: Sequence[Handed]) -> Verdicts:
        """From the gradebook: full points or none."""
        from nbgrader.api import Gradebook, MissingEntry

        with Gradebook(f"sqlite:///{self._course}/gradebook.db", "benchmark") as gradebook:
            try:
                notebooks = {
                    each.student: gradebook.find_submission_notebook(self.topic, ASSIGNMENT, each.student)
                    for each in handed
                }
                return {student: _passed(notebook, self.topic) for student, notebook in notebooks.items()}
            except MissingEntry as error:
                raise Unfit(f"nbgrader's gradebook: {error}") from error


def _passed(notebook: Any, topic: str) -> frozenset[str]:
    scores = {grade.name: (grade.auto_score, grade.max_score) for grade in notebook.grades}
    if set(scores) != set(hidden_tests(topic)) or any(score is None for score, _ in scores.values()):
        raise Unfit(f"nbgrader scored {len(scores)} tests")
    return frozenset(name for name, (score, best) in scores.items() if score == best)


def source_notebook(topic: str) -> Any:
    """The instructor's notebook. The reference's own markers are nbgrader's, so its stub is ours."""
    cells = [
        _cell(SETUP, "setup", locked=True),
        _cell(reference_path(topic).read_text(encoding="utf-8"), SOLUTION, solution=True),
    ]
    for name, function in hidden_tests(topic).items():
        call = f"run_in_notebook({topic!r}, {name!r}, globals())"
        cells.append(_cell(call, name, grade=True, locked=True, points=points(function)))
    return new_notebook(cells=cells, metadata=KERNEL)


def _cell(source: str, grade_id: str, **given: Any) -> Any:
    metadata = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": False,
        "locked": False,
        "solution": False,
        "task": False,
    }
    return new_code_cell(source, metadata={"nbgrader": {**metadata, **given}})
