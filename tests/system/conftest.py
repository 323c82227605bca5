"""One course for all modules here, graded once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.model.verdict import Verdict
from grader.records.store import Records
from tests.system.course import RECORDS, SOURCES, Verdicts, make_collected_course, verdicts


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with everything collected and nothing graded."""
    return make_collected_course(tmp_path_factory.mktemp("faults") / "model")


@pytest.fixture(scope="session")
def graded(model: Path) -> tuple[Path, Verdicts]:
    """A copy graded by one undisturbed run, and its results."""
    root = shutil.copytree(model, model.with_name("graded"))
    alone = start_grade(root)
    said = alone.communicate()[1]
    assert alone.returncode == 0, said
    results = verdicts(root / RECORDS)
    assert len(results) == len(SOURCES)
    with Records.open(root / RECORDS) as records:
        seen = {test.verdict for one in records.results("softmax") for test in one.result.tests}
    assert seen >= {Verdict.PASSED, Verdict.WRONG, Verdict.RAISED, Verdict.TIMED_OUT}
    return root, results


def start_grade(course: Path, **environment: str) -> subprocess.Popen[bytes]:
    """`grade` with one judge, its output kept."""
    command = [sys.executable, "-m", "grader", "grade", "--workers", "1"]
    return subprocess.Popen(
        command, cwd=course, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
