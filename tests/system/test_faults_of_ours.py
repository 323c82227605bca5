"""Faults that are nobody's: two runs at once, a clock that jumps, records in use, damaged or half gone."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grader.cli.grading import Grading, course_secret, grade_topic
from grader.cli.main import main
from grader.course.load import load_course, load_topic
from grader.errors import MachineError
from grader.records import sqlite_file
from grader.records.store import Records
from tests.system.conftest import start_grade
from tests.system.course import RECORDS, Verdicts, verdicts

# Found by every Python process of ours before anything else: no clock of the wall can be relied on.
MAD_CLOCK = """
import itertools, time
_jumps, _time = itertools.cycle([0, 86400, -86400, 10**9, -10**9, 0.5]), time.time
time.time = lambda: _time() + next(_jumps)
time.time_ns = lambda: int(time.time() * 10**9)
"""


@pytest.fixture
def course(model: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(model, tmp_path / "course")


def test_two_runs_at_once_on_clocks_that_jump(
    course: Path, graded: tuple[Path, Verdicts], tmp_path: Path
) -> None:
    """Both end well, and the records are those of one run on a sound clock."""
    (tmp_path / "clock").mkdir()
    (tmp_path / "clock/sitecustomize.py").write_text(MAD_CLOCK)
    shutil.copy(graded[0] / ".grader/secret", course / ".grader/secret")
    path = os.pathsep.join([str(tmp_path / "clock"), os.environ.get("PYTHONPATH", "")])
    runs = [start_grade(course, PYTHONPATH=path) for _ in range(2)]
    said = [run.communicate()[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    assert verdicts(course / RECORDS) == graded[1]


def test_the_mad_clock_is_mad(tmp_path: Path) -> None:
    """The control: a process that finds it does see its clock jump."""
    (tmp_path / "sitecustomize.py").write_text(MAD_CLOCK)
    code = "import time; print(max(a := [time.time() for _ in range(6)]) - min(a) > 10**8)"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    assert subprocess.check_output([sys.executable, "-c", code], env=environment) == b"True\n"


def test_the_first_runs_agree_on_one_secret(tmp_path: Path) -> None:
    """However many find none: each reads the one that is kept, and nothing else is left."""
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: course_secret(tmp_path), range(64)))
    assert len(found) == 1
    assert os.listdir(tmp_path) == ["secret"]
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_a_secret_where_files_have_no_second_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some file systems know no links."""

    def link(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    assert course_secret(tmp_path) == course_secret(tmp_path)
    assert os.listdir(tmp_path) == ["secret"]


@pytest.fixture
def holder(course: Path) -> subprocess.Popen[bytes]:
    """Another program that has the records for itself until its input ends."""
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); "
        "c.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(course / RECORDS)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def run(*arguments: str) -> int:
    """The exit code of a command in this process."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(ended.value.code or 0)


def test_records_that_another_program_holds(
    course: Path,
    holder: subprocess.Popen[bytes],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Patience first, then one line and exit 3; once they are free, all goes on and nothing is lost."""
    monkeypatch.setattr(sqlite_file, "_PRAGMAS", ("busy_timeout=200",))
    before = verdict_rows(course)
    for command in (["grade"], ["report", "--json"], ["collect", str(course / "assignments")]):
        assert run(*command, "--course", str(course)) == 3
        said = capsys.readouterr().err.splitlines()
        assert said == [
            f"error: {course / RECORDS}: the records are in use by another program",
            "  Try again when it has ended.",
        ]
    holder.communicate()
    assert verdict_rows(course) == before
    assert run("report", "--json", "--course", str(course)) == 0


def verdict_rows(course: Path) -> list[tuple[object, ...]]:
    """What is collected, by a reader of its own."""
    with sqlite3.connect(course / RECORDS) as connection:
        rows = connection.execute("SELECT student, sha256 FROM submissions ORDER BY id").fetchall()
    connection.close()
    return rows


def test_records_that_are_taken_or_fill_up_in_the_middle(
    course: Path, graded: tuple[Path, Verdicts], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Judging ends with the reason; what was kept stays, and the next run completes it."""
    shutil.copy(graded[0] / ".grader/secret", course / ".grader/secret")
    how = Grading(secret=course_secret(course / ".grader"), workers=1)
    topic = load_topic(load_course(course), "softmax")
    monkeypatch.setattr(sqlite_file, "_PRAGMAS", ("busy_timeout=50",))
    with Records.open(course / RECORDS) as records, sqlite3.connect(course / RECORDS) as other:
        with pytest.raises(MachineError, match="the records are in use by another program"):
            grade_topic(topic, records, how, on_start=lambda _: other.execute("BEGIN IMMEDIATE") and None)
        other.rollback()
        assert records.results("softmax") == ()
    other.close()
    pages = len((course / RECORDS).read_bytes()) // 4096 + 2
    monkeypatch.setattr(sqlite_file, "_PRAGMAS", (f"max_page_count={pages}",))
    with Records.open(course / RECORDS) as records:
        with pytest.raises(MachineError, match="the disk is full\n  Make room and run this again"):
            grade_topic(topic, records, how)
        kept = records.results("softmax")
    monkeypatch.undo()
    with Records.open(course / RECORDS) as records:
        assert grade_topic(topic, records, how).known == len(kept)
    assert verdicts(course / RECORDS) == graded[1]


def test_damaged_records_are_told_and_left_alone(
    course: Path, graded: tuple[Path, Verdicts], capsys: pytest.CaptureFixture[str]
) -> None:
    """By every command that opens them: a line, a next step, and not a byte changed."""
    path = course / RECORDS
    data = (graded[0] / RECORDS).read_bytes()
    for spoilt in (
        data[:4096] + b"\x55" * (len(data) - 4096),
        b"\0" * 100 + data[100:],
        data[: len(data) // 2],
    ):
        path.write_bytes(spoilt)
        for command in (["grade"], ["report"], ["collect", str(course / "assignments")]):
            assert run(*command, "--course", str(course)) in (2, 3)
            what, step = capsys.readouterr().err.splitlines()
            assert what.startswith(f"error: {path}: ")
            assert "backup" in step
        assert path.read_bytes() == spoilt


def test_no_deadline_hangs_on_the_wall_clock() -> None:
    """Time of day is for people and for records; whatever waits or measures asks the monotonic clock."""
    package = Path(__file__).parents[2] / "grader"
    rooms = ("judge", "wire", "worker", "sandbox")
    for path in (path for room in rooms for path in (package / room).rglob("*.py")):
        text = path.read_text("utf-8")
        assert "time.time(" not in text, path
        assert "datetime.now" not in text, path
