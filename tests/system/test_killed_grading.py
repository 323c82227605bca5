"""`grade` killed at any moment, its judges and zygotes too: the results are those of an undisturbed run."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.model.submission import Submission
from grader.records.store import Records
from tests.cli.running import SOLVED, make_built_course
from tests.course.small_topic import STUB

SUBMISSIONS, SEED = 60, 20261123
KILLS = int(os.environ.get("GRADER_KILLS", "20"))  # `make soak` asks for 200
ROLES = ("grader.judge.session", "grader.worker.zygote")

MISTAKES = (
    SOLVED,
    SOLVED.replace("/ temperature", ""),
    SOLVED.replace("axis=-1, ", ""),
    SOLVED.replace("powers = ", "raise KeyError(temperature)\n    powers = "),
    STUB,
    SOLVED + "\nimport os\nos._exit(3)\n",
)

Verdicts = dict[str, tuple[object, ...]]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with sixty different submissions collected and nothing graded."""
    root = make_built_course(tmp_path_factory.mktemp("killed"))
    with Records.open(root / "collected.sqlite") as records:
        for number in range(SUBMISSIONS):
            source = f"{MISTAKES[number % len(MISTAKES)]}\nNUMBER = {number}\n"
            submission = Submission(topic="softmax", name="", files={"softmax.py": source.encode()})
            received = datetime(2026, 11, 1, tzinfo=UTC)
            student = f"s{number:02}"
            records.add_submission(submission, student=student, received_at=received, source_name="test")
    return root


def fresh_records(course: Path, name: str) -> Path:
    path = course / name
    path.write_bytes((course / "collected.sqlite").read_bytes())
    return path


def start(course: Path, records: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "grader", "grade", "--workers", "2", "--records", str(records)]
    return subprocess.Popen(command, cwd=course, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def verdicts(records: Path) -> Verdicts:
    """Everything about each result but how long it took."""
    with Records.open(records) as opened:
        stored = opened.results("softmax")
    found = {
        one.key.submission_sha256: (
            one.result.score,
            *((test.verdict, test.message, test.output) for test in one.result.tests),
        )
        for one in stored
    }
    assert len(found) == len(stored), "a submission has two results under one key"
    return found


@pytest.fixture(scope="module")
def undisturbed(course: Path) -> Verdicts:
    records = fresh_records(course, "undisturbed.sqlite")
    assert start(course, records).wait() == 0
    results = verdicts(records)
    assert len(results) == SUBMISSIONS
    return results


def test_random_kills_of_random_processes(course: Path, undisturbed: Verdicts) -> None:
    """`grade` itself, its judges, their fork servers and the children, whatever lives at that moment."""
    moments, kills, run = random.Random(SEED), 0, 0
    records = fresh_records(course, "killed-0.sqlite")
    process = start(course, records)
    while kills < KILLS:
        time.sleep(moments.uniform(0.05, 1.5))
        if process.poll() is not None and process.returncode == 0:  # done: every kill meets a run at work
            assert verdicts(records) == undisturbed
            run += 1
            records = fresh_records(course, f"killed-{run}.sqlite")
        if process.poll() is not None:
            process = start(course, records)
            continue
        kills += kill_one_of(process.pid, moments)
    process.wait()
    assert start(course, records).wait() == 0
    assert verdicts(records) == undisturbed


def kill_one_of(grade: int, moments: random.Random) -> bool:
    """Kill `grade` or something below it, each role as often as another."""
    family = [(grade, "grade"), *descendants(grade)]
    roles: dict[str, list[int]] = {}
    for pid, command in family:
        roles.setdefault(next((role for role in ROLES if role in command), command), []).append(pid)
    try:
        os.kill(moments.choice(roles[moments.choice(sorted(roles))]), signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def descendants(pid: int) -> list[tuple[int, str]]:
    """Process ids and command lines below all threads of `pid`: the pool's threads start the judges."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            children = [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
        for child in children:
            found += [(child, command_line(child)), *descendants(child)]
    return found
