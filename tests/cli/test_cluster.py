"""`grade --cluster`: the same results from judges on a dask cluster."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import SOLVED, grader, hand_in, make_built_course
from tests.course.small_topic import STUB


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler with one worker, each a process."""
    file = tmp_path / "scheduler.json"
    local = ["--host", "127.0.0.1", "--no-dashboard"]
    with ExitStack() as stack:
        for name, options in [
            ("scheduler", ["--port", "0", "--scheduler-file", str(file)]),
            ("worker", ["--scheduler-file", str(file), "--nthreads", "1", "--no-nanny"]),
        ]:
            command = [sys.executable, "-m", "distributed.cli.dask_" + name, *local, *options]
            process = stack.enter_context(subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL))
            stack.callback(process.terminate)
        deadline = time.monotonic() + 60
        while not file.exists() or not file.read_text():
            assert time.monotonic() < deadline, "the scheduler did not start"
            time.sleep(0.1)
        yield json.loads(file.read_text())["address"]


def verdicts(course: Path) -> dict[str, Any]:
    """Verdicts and messages by student; figures of time differ from run to run."""
    rows = json.loads(grader("report", "--json", cwd=course).stdout)
    return {
        row["student"]: [
            (test["verdict"], test["message"], test["points"]) for test in row["result"]["tests"]
        ]
        for row in rows
    }


def test_a_cluster_judges_as_this_machine_does(scheduler: str, tmp_path: Path) -> None:
    course = make_built_course(tmp_path / "course")
    for student, source in [("ada", SOLVED), ("bob", SOLVED.replace("/ temperature", "")), ("cyd", STUB)]:
        hand_in(course, student, source)
    grader("collect", "inbox", cwd=course)
    assert "3 judged, 0 known" in grader("grade", "--cluster", scheduler, cwd=course).stdout
    there = verdicts(course)
    (course / ".grader" / "records.sqlite").unlink()
    grader("collect", "inbox", cwd=course)
    assert "3 judged, 0 known" in grader("grade", cwd=course).stdout
    assert verdicts(course) == there
    assert [row[0] for row in there["ada"]] == ["PASSED", "PASSED"]
    assert [row[0] for row in there["bob"]] == ["PASSED", "WRONG"]
    assert [row[0] for row in there["cyd"]] == ["NOT_IMPLEMENTED", "NOT_IMPLEMENTED"]
