"""The quiz from the student's terminal to the instructor's report."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import SOLVED, grader, make_built_course
from tests.collect.crafting import Entry, craft


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_built_course(tmp_path_factory.mktemp("quiz"))


def typing(folder: Path, typed: str, *options: str) -> subprocess.CompletedProcess[str]:
    """`grader quiz` with a student who types this."""
    command = [sys.executable, "-m", "grader", "quiz", str(folder), *options]
    return subprocess.run(command, input=typed, capture_output=True, text=True, timeout=60)


def handout(course: Path, tmp_path: Path) -> Path:
    """A student's folder, solved."""
    work = tmp_path / "softmax"
    work.mkdir()
    for name in ("assignment.yaml", "quiz.yaml"):
        (work / name).write_bytes((course / "assignments/softmax" / name).read_bytes())
    (work / "softmax.py").write_text(SOLVED)
    return work


def letter_of(shown: str, option: str) -> str:
    """The letter under which an option was shown."""
    found = re.search(rf"(\w)\) {option}$", shown, re.MULTILINE)
    assert found is not None
    return found[1]


def test_from_the_terminal_to_the_report(course: Path, tmp_path: Path) -> None:
    """Answered over two sittings, handed in, marked by the key, in the table and on the page."""
    work = handout(course, tmp_path)
    first = typing(work, "\n\n")
    assert "0 of 2 answered" in first.stdout
    assert not (work / "answers.json").exists()
    letter = letter_of(first.stdout, "yes")
    second = typing(work, f"zz\n{letter}\nmany\n31415,9\n")
    assert second.stdout.count("That is no answer to this question") == 2
    assert "2 of 2 answered" in second.stdout
    third = typing(work, "\n31415\n", "--language", "zh")
    assert "哪个得分胜出？" in third.stdout
    assert f"(now {letter})" in third.stdout
    assert "(now 31415.9)" in third.stdout
    assert json.loads((work / "answers.json").read_text())["answers"] == {"q1": "a", "q2": 31415.0}
    grader("submit", str(work), "--student", "ada", "--to", str(course / "inbox"), cwd=course)
    grader("collect", "inbox", cwd=course)
    grader("grade", cwd=course)
    row = json.loads(grader("report", "--json", cwd=course).stdout)[0]
    assert row["quiz"] == {
        "points": 2,
        "max_points": 2,
        "problem": "",
        "questions": {"q1": {"answer": "a", "points": 1}, "q2": {"answer": 31415.0, "points": 1}},
    }
    for options, explained in (((), False), (("--explain",), True)):
        assert "7/7" in grader("report", "--to", "pages", *options, cwd=course).stdout
        page = next((course / "pages/students").glob("ada-*.html")).read_text()
        assert "Your answer: yes" in page
        assert ("Count." in page) is explained


def test_stopping_keeps_what_was_answered(course: Path, tmp_path: Path) -> None:
    """The end of the input is a student who walks away."""
    work = handout(course, tmp_path)
    letter = letter_of(typing(work, "\n\n").stdout, "no")
    ended = typing(work, f"{letter}\n")
    assert ended.returncode == 130
    assert "what was done so far is kept" in ended.stderr
    assert json.loads((work / "answers.json").read_text())["answers"] == {"q1": "b"}


def test_a_topic_without_a_quiz(course: Path, tmp_path: Path) -> None:
    """One line."""
    work = handout(course, tmp_path)
    (work / "quiz.yaml").unlink()
    ended = typing(work, "")
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "this topic has no quiz" in ended.stderr


def test_answers_that_cannot_be_read(course: Path, tmp_path: Path) -> None:
    """Refused where they are made."""
    work = handout(course, tmp_path)
    (work / "answers.json").write_text("{}")
    ended = grader("submit", str(work), "--student", "bob", cwd=tmp_path, expect=2)
    assert "answers.json does not hold answers to the quiz of softmax" in ended.stderr
    assert "delete it to begin anew" in ended.stderr


@pytest.mark.parametrize("answers", ["{}", '{"format": 1}'])
def test_the_report_says_why_no_answer_counts(course: Path, tmp_path: Path, answers: str) -> None:
    """A file that a student made by hand."""
    data = craft(Entry("softmax.py", SOLVED.encode()), Entry("answers.json", answers.encode()))
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "softmax-bob.zip").write_bytes(data)
    records = str(tmp_path / "records.sqlite")
    grader("collect", str(tmp_path / "inbox"), "--records", records, cwd=course)
    row = json.loads(grader("report", "--json", "--records", records, cwd=course).stdout)[0]
    assert row["quiz"]["points"] == 0
    assert row["quiz"]["problem"] == "answers.json does not hold answers to the quiz of softmax"
