"""A newcomer's first minute: a whole class in one folder, and nothing outside it changed."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from grader.cli.demo_class import STUDENTS
from tests.cli.running import grader, make_built_course
from tests.cli.test_bad_input import fingerprint


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_built_course(tmp_path_factory.mktemp("demo") / "course")


@pytest.fixture(scope="module")
def played(course: Path) -> tuple[Path, str, bool]:
    """The demo's folder, what it printed, and whether the course stayed as it was."""
    folder, before = course.parent / "play", fingerprint(course)
    printed = grader("demo", "softmax", "--to", str(folder), "--workers", "2", cwd=course).stdout
    return folder, printed, fingerprint(course) == before


def test_nothing_outside_the_folder_is_changed(course: Path, played: tuple[Path, str, bool]) -> None:
    folder, _, unchanged = played
    assert unchanged
    assert sorted(path.name for path in course.parent.iterdir()) == ["course", "play"]
    made = [".made-by-grader-demo", "bundles", "inbox", "records.sqlite", "report"]
    assert sorted(path.name for path in folder.iterdir()) == made


def test_every_step_is_told(played: tuple[Path, str, bool]) -> None:
    folder, printed, _ = played
    for step in ("1  package", "2  a class hands in", "3  collect", "4  grade behind the wall", "5  report"):
        assert step in printed
    assert f"{folder / 'bundles' / 'softmax.zip'}" in printed
    assert "50 files in" in printed
    assert "48 submissions, 2 refused" in printed
    assert "0 withheld" in printed
    assert f"Open {folder / 'report' / 'index.html'} in a browser." in printed


def test_the_refused_archives_are_named(played: tuple[Path, str, bool]) -> None:
    assert "softmax-zed.zip: error: refused: the zip archive is cut off" in played[1]
    assert "softmax-zoe.zip: error: refused: '../../softmax.py' leads out of its folder" in played[1]


def test_the_class_earns_what_its_work_is_worth(played: tuple[Path, str, bool]) -> None:
    rows = {words[1]: words for line in played[1].splitlines() if len(words := line.split()) > 2}
    scores = {student: next(word for word in rows[student] if word.endswith("/7")) for student in STUDENTS}
    assert scores["ada"] == "5/7"  # the reference
    assert scores["alonzo"] == "5/7"  # accepted
    assert scores["evelyn"] == "0/7"  # the stub
    assert list(scores.values()).count("5/7") == 16
    assert {scores[student] for student in STUDENTS[5::6]} == {"0/7"}  # tricks and stubs


def test_a_page_for_each_and_one_for_all(played: tuple[Path, str, bool]) -> None:
    folder = played[0]
    assert (folder / "report" / "index.html").is_file()
    assert len(list((folder / "report" / "students").glob("*.html"))) == 48
    with zipfile.ZipFile(folder / "bundles" / "softmax.zip") as bundle:
        assert "softmax/test_public.py" in bundle.namelist()


def test_a_folder_of_somebody_else_is_not_touched(course: Path, tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear")
    ended = grader("demo", "--to", str(tmp_path), cwd=course, expect=2)
    assert "the folder is not empty, and not of an earlier demo" in ended.stderr
    assert "Name another folder: `grader demo --to FOLDER`." in ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]
