"""Bad input ends in one clear line, with the place and a next step, and leaves everything as it was."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.files import zip_bytes
from tests.cli.running import SOLVED, bundle, grader, hand_in, make_built_course
from tests.course.small_topic import edit, line_of

COURSE = "course.yaml"
YAML = "assignments/softmax/assignment.yaml"
HIDDEN = "autotests/softmax/test_softmax.py"
EXPECTED = "solutions/softmax/submissions.yaml"
WRONG = "solutions/softmax/wrong/no_temperature.py"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a submission that was collected."""
    course = make_built_course(tmp_path_factory.mktemp("model"))
    hand_in(course, "ada", SOLVED)
    grader("collect", "inbox", cwd=course)
    return course


@pytest.fixture
def course(model: Path, tmp_path: Path) -> Path:
    """A copy of it to spoil."""
    return shutil.copytree(model, tmp_path / "course")


def fingerprint(root: Path) -> dict[str, str]:
    """Every file below `root` by its hash, but for the course's secret, which the first `grade` makes."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and path.name != "secret"
    }


def refuse(*arguments: str, cwd: Path, expect: int = 2) -> str:
    """The message of a command that fails: one `error:` and its hint, and not a file changed."""
    before = fingerprint(cwd)
    ended = grader(*arguments, cwd=cwd, expect=expect)
    assert fingerprint(cwd) == before
    lines = [line for line in ended.stderr.splitlines() if not line.endswith(" ...")]  # progress
    assert lines[0].startswith("error: "), ended.stderr
    assert all(line.startswith("  ") for line in lines[1:]), ended.stderr
    return "\n".join(lines).removeprefix("error: ").replace(f"{cwd}/", "")


# (file, what stands there, what shall stand there, command, anchor of the line, message, next step)
EDITS = [
    (COURSE, "title:", "titel:", "build", "titel", "unknown key 'titel'", "Did you mean 'title'?"),
    (COURSE, "id: c", "id: [", "build", "timezone", "not valid YAML:", ""),
    (COURSE, "id: c", "id: c\nid: d", "build", "id: d", "the key 'id' stands twice", "remove one"),
    (COURSE, "    due", "  - topic: softmax # 2\n    due", "build", "# 2", "'softmax' stands twice", "one"),
    (COURSE, "2026-12-01", "tomorrow", "build", "due", "'tomorrow' is not a date", "Write it as 2026-12-01"),
    (COURSE, "Europe/Zurich", "Zurich", "build", "timez", "unknown time zone 'Zurich'", "Did you mean"),
    (YAML, "points: 5", "pionts: 5", "build", "pionts", "unknown key 'pionts'", "Did you mean 'points'?"),
    (YAML, "note: 1", "note: one", "build", "note", "note: write a whole number, such as 3", ""),
    (YAML, "points: 5", "points: 6", "grade", "points: 6", "points is 6, but the hidden tests add up", ""),
    (YAML, "slug: softmax", "slug: softmx", "build", "slug", "the slug is 'softmx'", "Give both the same"),
    (HIDDEN, "@pytest.mark.points(3)\n", "", "grade", "def test_t01", "has no points mark; write", ""),
    (HIDDEN, "from . import oracle", "from . import (", "grade", "from . import (", "not valid Python", ""),
    (EXPECTED, "[t02]", "[t03]", "verify", "[t03]", "no hidden test has the label 't03'", "Did you mean"),
    (EXPECTED, "logs: {", "lags: {", "verify", "lags", "there is no file accepted/lags.py", "'logs'"),
    (WRONG, "def softmax(", "def softmaxx(", "verify", "def softmaxx", "'softmaxx' replaces", "'softmax'"),
    (WRONG, "def softmax(", "def softmax(:", "verify", "def softmax(:", "not valid Python", ""),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "command", "anchor", "what", "hint"), EDITS)
def test_a_mistake_in_a_file_of_the_course(
    course: Path, file: str, old: str, new: str, command: str, anchor: str, what: str, hint: str
) -> None:
    path = edit(course, file, old, new)
    message = refuse(command, cwd=course)
    assert message.splitlines()[0].startswith(f"{file}:{line_of(path, anchor)}: ")
    assert what in message
    assert hint in message


# (what is done to the course, command, message and next step)
STATES: list[tuple[Callable[[Path], object], str, list[str]]] = [
    (lambda c: (c / COURSE).unlink(), "grade", ["no course.yaml here", "Go to the folder of the course."]),
    (lambda c: (c / YAML).unlink(), "build", [f"{YAML}: cannot read: No such file", "Restore"]),
    (lambda c: (c / YAML).write_bytes(b"\xff"), "build", [f"{YAML}:1: not UTF-8 text", "Save the file as"]),
    (lambda c: (c / HIDDEN).unlink(), "grade", ["no test_*.py: write the hidden tests"]),
    (lambda c: (c / WRONG).unlink(), "verify", ["there is no file wrong/no_temperature.py"]),
    (lambda c: (c / "solutions/softmax/softmax.py").unlink(), "build", ["softmax.py"]),
    (lambda c: (c / "assignments/softmax/softmax.py").unlink(), "verify", ["softmax.py", "grader build"]),
    (lambda c: (c / "assignments/softmax/README.md").unlink(), "package", ["missing: students receive it"]),
    (lambda c: edit(c, HIDDEN, "import numpy as np", "import numpyy as np"), "grade", [
        "autotests/softmax: test_softmax.py:3: ModuleNotFoundError: No module named 'numpyy'",
        "Nothing was graded. `pytest autotests/softmax` shows more.",
    ]),
    (lambda c: edit(c, "solutions/softmax/softmax.py", "import math", "import maths"), "grade", [
        "No module named 'maths'"
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("harm", "command", "parts"), STATES)
def test_a_course_in_a_bad_state(
    course: Path, harm: Callable[[Path], object], command: str, parts: list[str]
) -> None:
    harm(course)
    message = refuse(command, cwd=course)
    assert [part for part in parts if part not in message] == [], message


def test_a_topic_that_is_not_there_is_guessed(course: Path) -> None:
    message = refuse("grade", "sofmax", cwd=course)
    assert message == "no topic 'sofmax' in course.yaml\n  Did you mean 'softmax'?"


def test_two_topics_that_claim_one_file(course: Path) -> None:
    edit(course, COURSE, "  - topic: softmax", "  - topic: hardmax\n  - topic: softmax")
    handout = course / "assignments/hardmax"
    handout.mkdir()
    text = (course / YAML).read_text("utf-8").replace("slug: softmax", "slug: hardmax")
    (handout / "assignment.yaml").write_text(text, "utf-8")
    message = refuse("collect", "inbox", cwd=course)
    assert message.startswith("assignments/softmax/assignment.yaml")
    assert "'softmax.py' is also handed in for 'hardmax'" in message
    assert "Give each topic files of its own." in message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["grad"],
            "there is no command 'grad'; did you mean 'grade'?\n  `grader --help` shows how to use it.",
        ),
        (["?"], "there is no command '?'\n  `grader --help` shows how to use it."),
        (["grade", "--fast"], "no such option '--fast'\n  `grader grade --help` shows how to use it."),
        (["collect"], "missing argument 'SOURCE'\n  `grader collect --help` shows how to use it."),
        (
            ["collect", "nowhere"],
            "invalid value for 'SOURCE': Path 'nowhere' does not exist\n  `grader collect",
        ),
        (["submit"], "missing option '--student'\n  `grader submit --help` shows how to use it."),
        (["check"], "there is no assignment.yaml here\n  Go to the folder that you unpacked, or name it"),
        (["grade"], "no course.yaml here or in any folder above\n  Go to the folder of the course."),
        (
            ["demo", "--workers", "0"],
            "invalid value for '--workers' (env var: 'GRADER_WORKERS'): 0 is not in the range",
        ),
    ],
)
def test_a_command_that_cannot_be_meant(tmp_path: Path, arguments: list[str], message: str) -> None:
    assert message in refuse(*arguments, cwd=tmp_path)


# ---- what students hand in ---------------------------------------------------------------------------------


def test_a_file_that_a_student_may_not_hand_in(tmp_path: Path) -> None:
    folder = bundle(tmp_path)
    assert "'../eve' cannot be a student identifier\n  Use 1 to 64" in refuse(
        "submit", "--student", "../eve", cwd=folder
    )
    (folder / "softmax.py").write_text("def softmax(:\n")
    assert refuse("submit", "--student", "ada", cwd=folder).startswith("softmax.py:1: not valid Python: ")
    (folder / "softmax.py").unlink()
    message = refuse("submit", "--student", "ada", cwd=folder)
    assert "there is no 'softmax.py' here\n  The work is handed in as softmax.py; keep" in message
    assert "there is no 'softmax.py' here\n  The work is handed in as softmax.py" in refuse(
        "check", cwd=folder
    )


def test_what_cannot_be_collected_is_named_and_the_rest_goes_on(course: Path) -> None:
    inbox = course / "inbox"
    (inbox / "softmax-bob.zip").write_bytes(b"PK\x03\x04 broken")
    (inbox / "softmax-cat.zip").write_bytes(zip_bytes({"softmax.py": b"", "softmax.ipynb": b"{"}))
    (inbox / "dan").mkdir()
    (inbox / "dan" / "softmax.ipynb").write_bytes(b"{ broken")
    (inbox / "softmax-e\x1b[31m.zip").write_bytes(b"")
    ended = grader("collect", "inbox", cwd=course, expect=1)
    assert "1 submissions: 0 new, 1 known; 4 refused" in ended.stdout
    assert "softmax-bob.zip: error: refused: the zip archive is cut off" in ended.stderr
    assert "softmax-cat.zip: error: refused: both 'softmax.py' and 'softmax.ipynb' are there" in ended.stderr
    told = "dan: error: refused: the notebook cannot be read as JSON\n  Save it again in Jupyter.\n"
    assert told in ended.stderr
    assert "\x1b" not in ended.stderr
    (inbox / "all.zip").write_bytes(b"PK\x05\x06 no archive")
    message = refuse("collect", "inbox/all.zip", cwd=course)
    assert message.splitlines()[1:] == ["  Expected a zip archive of submissions."]


def test_public_tests_that_are_gone_or_broken(tmp_path: Path) -> None:
    folder = bundle(tmp_path)
    restore = "Unpack the handout again"
    (folder / "test_public.py").write_text("import numpyy\n")
    for road in ([], ["--portable"]):
        message = refuse("check", *road, cwd=folder)
        assert "test_public.py:1: ModuleNotFoundError: No module named 'numpyy'" in message
        assert restore in message
    (folder / "test_public.py").write_text("x = 1\ndef test_x(:\n")
    for road in ([], ["--portable"]):
        assert "test_public.py:2: SyntaxError: " in refuse("check", *road, cwd=folder)
    (folder / "test_public.py").unlink()
    assert f"the public tests are missing\n  {restore}" in refuse("check", cwd=folder)


# ---- places that cannot be written, records that cannot be read --------------------------------------------


@pytest.mark.parametrize(
    "command",
    [["package", "--to"], ["report", "--to"], ["demo", "--to"], ["submit", "work", "--student", "a", "--to"]],
)
def test_a_destination_that_is_a_file_or_below_one(course: Path, command: list[str]) -> None:
    command = [str(course / "work/ada") if word == "work" else word for word in command]
    (course / "file").write_text("mine")
    for place in ("file", "file/below"):
        message = refuse(*command, place, cwd=course)
        assert "file" in message.splitlines()[0]
        assert len(message.splitlines()) == 2, message
    assert (course / "file").read_text() == "mine"


def test_records_that_are_none(course: Path) -> None:
    (course / "notes.txt").write_text("not a database, but a long enough text " * 50)
    message = refuse("grade", "--records", "notes.txt", cwd=course)
    assert message.startswith("notes.txt: this is not an SQLite database\n  Name another file; if these")
    sqlite3.connect(course / "other.db").execute("CREATE TABLE mine (x)").connection.commit()
    message = refuse("grade", "--records", "other.db", cwd=course)
    assert message.startswith("other.db: this database is not the grader's records\n  Give the records")
    message = refuse("grade", "--records", "nowhere/records.sqlite", cwd=course)
    assert "nowhere/records.sqlite: cannot open or make this file\n  Choose a folder" in message
    message = refuse("grade", "--records", "oracle://host/name", cwd=course)
    assert "records cannot be kept in 'oracle'\n  Use postgresql or sqlite." in message


def test_records_of_a_newer_version(course: Path) -> None:
    records = sqlite3.connect(course / ".grader" / "records.sqlite")
    records.execute("UPDATE records_version SET version = 99").connection.commit()
    records.close()
    message = refuse("grade", cwd=course)
    assert "these records have format 99, this grader reads format 1\n  Use the version" in message


def test_a_damaged_secret(course: Path) -> None:
    (course / ".grader" / "secret").write_text("short\n")
    message = refuse("grade", cwd=course)
    assert (course / ".grader" / "secret").read_text() == "short\n"
    assert message.startswith(".grader/secret: the course's secret is damaged\n  Restore it from a backup")


def test_a_state_folder_that_is_a_file(course: Path) -> None:
    shutil.rmtree(course / ".grader")
    (course / ".grader").write_text("")
    for command in ("grade", "report"):
        assert refuse(command, cwd=course).startswith(".grader: ")


def test_no_scheduler_at_the_address(course: Path) -> None:
    message = refuse("grade", "--cluster", "tcp://127.0.0.1:1", cwd=course, expect=3)
    assert message.startswith("no dask scheduler answers at tcp://127.0.0.1:1")
    message = refuse("grade", "--cluster", "nonsense://x", cwd=course, expect=3)
    assert message.startswith("no dask scheduler answers at nonsense://x")


def test_a_number_in_the_environment(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """GRADER_WORKERS stands for --workers, and is held to the same."""
    monkeypatch.setenv("GRADER_WORKERS", "0")
    assert "--workers" in refuse("grade", cwd=course)
