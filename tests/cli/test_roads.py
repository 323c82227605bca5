"""The student's, the instructor's and the author's road, each walked from end to end."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.running import SOLVED, bundle, grader, hand_in, make_built_course
from tests.collect.notebooks import notebook
from tests.course.small_topic import STUB, edit, line_of


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_built_course(tmp_path_factory.mktemp("course"))


def test_build_check_says_what_is_out_of_step(tmp_path: Path) -> None:
    course = make_built_course(tmp_path)
    assert "softmax: in step" in grader("build", "--check", cwd=course).stdout
    edit(course, "solutions/softmax/softmax.py", "Probabilities over", "The probabilities over")
    assert "out of step" in grader("build", "--check", cwd=course, expect=1).stdout


def test_the_course_at_a_glance(tmp_path: Path) -> None:
    course = make_built_course(tmp_path)
    assert grader("topics", cwd=course).stdout.splitlines() == [
        "softmax    5 + 2  Softmax",
        "1 topic, 5 points for code, 2 for questions",
    ]
    edit(course, "course.yaml", "    due", "    week: 3\n    due")
    assert grader("topics", cwd=course).stdout.startswith("week  3  softmax    5 + 2  Softmax\n")
    (listed,) = json.loads(grader("topics", "--json", cwd=course).stdout)
    assert (listed["topic"], listed["week"], listed["after"]) == ("softmax", 3, [])
    assert listed["due"].startswith("2026-12-01")


def test_verify_draws_the_matrix(course: Path) -> None:
    ended = grader("verify", "softmax", "--seeds", "2", cwd=course)
    assert "wrong/no_temperature   ·   W" in ended.stdout
    assert "wrong/unnormalised     W   W" in ended.stdout
    assert "every rule holds" in ended.stdout


def test_verify_names_the_rule_that_is_broken(tmp_path: Path) -> None:
    course = make_built_course(tmp_path)
    yaml = "solutions/softmax/submissions.yaml"
    edit(course, yaml, "must_fail: [t02]", "must_fail: [t01]")
    edit(course, yaml, "must_fail: [t01, t02]", "must_fail: [t01]\n    may_fail: [t02]")
    proof = json.loads(grader("verify", "--seeds", "1", "--json", cwd=course, expect=1).stdout)[0]
    assert any(
        "wrong no_temperature, t01: PASSED, where it must fail" in text for text in proof["violations"]
    )
    assert any("wrong no_temperature, t02: WRONG, where it must pass" in text for text in proof["violations"])
    assert "t02 is failed by no wrong submission: what does it catch?" in proof["violations"]


def test_a_class_is_collected_graded_and_reported(tmp_path: Path) -> None:
    course = make_built_course(tmp_path)
    hand_in(course, "ada", SOLVED)
    hand_in(course, "bob", SOLVED.replace("/ temperature", ""))
    hand_in(course, "eve", STUB + "\nimport os\nos._exit(0)\n")
    (course / "inbox" / "softmax-mallory.zip").write_bytes(b"not a zip")
    collected = grader("collect", "inbox", cwd=course, expect=1)
    assert "3 submissions: 3 new, 0 known; 1 refused" in collected.stdout
    assert "softmax-mallory.zip" in collected.stderr
    assert "softmax: 3 judged, 0 known, 0 withheld" in grader("grade", cwd=course).stdout
    assert "softmax: 0 judged, 3 known, 0 withheld" in grader("grade", cwd=course).stdout
    table = grader("report", "--to", "pages", cwd=course).stdout
    rows = {words[1]: words for line in table.splitlines() if len(words := line.split()) > 2}
    assert "5/7" in rows["ada"]
    assert "3/7" in rows["bob"]
    assert "0/7" in rows["eve"]
    assert (course / "pages" / "index.html").is_file()


def test_a_notebook_walks_the_same_road(tmp_path: Path) -> None:
    """Checked and handed in by its author, or just put into the inbox: the same points."""
    course = make_built_course(tmp_path)
    data = notebook("%matplotlib inline", SOLVED, "print(softmax(undefined))", "plt.show()")
    folder = bundle(course)  # with the stub, which stays as it is
    (folder / "softmax.ipynb").write_bytes(data)
    checked = grader("check", cwd=folder).stdout
    assert "1 of 1 public tests pass for softmax.py" in checked
    assert checked.endswith("note: softmax.py is made from softmax.ipynb\n")
    receipt = grader("submit", "--student", "ada", "--to", str(course / "inbox"), cwd=folder).stdout
    assert "note: softmax.py is made from softmax.ipynb" in receipt
    (course / "inbox" / "bob").mkdir()
    (course / "inbox" / "bob" / "softmax.ipynb").write_bytes(data)
    assert "2 submissions: 2 new, 0 known; 0 refused" in grader("collect", "inbox", cwd=course).stdout
    assert "softmax: 1 judged" in grader("grade", cwd=course).stdout  # the same work is judged once
    assert grader("report", "--to", "pages", cwd=course).stdout.count("✓✓ 5/7") == 2


def test_a_changed_test_is_judged_again(tmp_path: Path) -> None:
    course = make_built_course(tmp_path)
    hand_in(course, "ada", SOLVED)
    grader("collect", "inbox", cwd=course)
    grader("grade", cwd=course)
    edit(course, "autotests/softmax/test_softmax.py", "size=(4, 5)", "size=(5, 4)")
    assert "softmax: 1 judged, 0 known" in grader("grade", cwd=course).stdout


def test_nothing_is_graded_when_the_reference_fails_its_own_tests(tmp_path: Path) -> None:
    course = make_built_course(tmp_path)
    hand_in(course, "ada", SOLVED)
    grader("collect", "inbox", cwd=course)
    edit(course, "solutions/softmax/softmax.py", "/ powers.sum", "* powers.sum")
    ended = grader("grade", cwd=course, expect=2)
    line = line_of(course / "autotests/softmax/test_softmax.py", "assert_close(student.softmax(x), ")
    assert "the reference of softmax does not earn full marks" in ended.stderr
    assert f"WRONG in test_t01_values (test_softmax.py:{line})" in ended.stderr
    assert "Nothing was graded. `pytest autotests/softmax` shows more." in ended.stderr
    assert "0 judged" not in ended.stdout


def test_a_broken_test_withholds_the_score(tmp_path: Path) -> None:
    course = make_built_course(tmp_path)
    hand_in(course, "ada", SOLVED)
    grader("collect", "inbox", cwd=course)
    edit(
        course,
        "autotests/softmax/test_softmax.py",
        "from . import oracle\n",
        "from . import oracle\n\nRUNS = []\n",
    )
    edit(
        course,
        "autotests/softmax/test_softmax.py",
        "    x = 2.71828 *",
        "    RUNS.append(1)\n    assert_close(1 / (2 - len(RUNS)), 1.0)\n    x = 2.71828 *",
    )
    assert "1 judged, 0 known, 1 withheld" in grader("grade", cwd=course, expect=1).stdout
    assert "1 judged, 0 known, 1 withheld" in grader("grade", cwd=course, expect=1).stdout  # and again
    shown = grader("report", "--to", "pages", cwd=course).stdout
    assert "to look at" in shown
    assert "TEST_ERROR" in shown
    overview = (course / "pages/index.html").read_text("utf-8")
    assert re.search(
        r"withheld, TEST_ERROR \(test_softmax\.py:\d+\): ZeroDivisionError: division by zero", overview
    )


def test_a_name_looked_up_during_the_run_is_for_the_staff_to_judge(tmp_path: Path) -> None:
    course = make_built_course(tmp_path)
    hand_in(course, "ada", SOLVED.replace("np.exp", "getattr(np, 'e' + str('xp'))"))
    grader("collect", "inbox", cwd=course)
    grader("grade", cwd=course)
    grader("report", "--to", "pages", cwd=course)
    overview = (course / "pages/index.html").read_text("utf-8")
    assert "passed, looks names up while it runs (softmax.py, line" in overview
    (page,) = (course / "pages/students").iterdir()
    assert "looks names up" not in page.read_text("utf-8")


def test_grading_without_a_wall_must_be_spelled_out_and_is_marked(tmp_path: Path) -> None:
    course = make_built_course(tmp_path)
    hand_in(course, "ada", SOLVED)
    grader("collect", "inbox", cwd=course)
    ended = grader("grade", "--sandbox", "none", cwd=course)
    assert "WARNING: no wall" in ended.stderr
    assert "1 judged, 0 known" in ended.stdout
    # Its result does not count behind the wall.
    assert "1 judged, 0 known" in grader("grade", cwd=course).stdout


def test_doctor_names_every_layer() -> None:
    ended = grader("doctor", "--json", cwd=Path.cwd())
    layers = {finding["layer"]: finding for finding in json.loads(ended.stdout)}
    assert layers["Landlock"]["stands"]
    assert layers["seccomp"]["stands"]
    assert layers["the wall"]["stands"]
