"""The student's, the instructor's and the author's road, each walked from end to end."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.cli.running import SOLVED, grader, hand_in, make_built_course
from tests.course.small_topic import STUB, edit


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_built_course(tmp_path_factory.mktemp("course"))


def test_build_check_says_what_is_out_of_step(tmp_path: Path) -> None:
    course = make_built_course(tmp_path)
    assert "softmax: in step" in grader("build", "--check", cwd=course).stdout
    edit(course, "solutions/softmax/softmax.py", "Probabilities over", "The probabilities over")
    assert "out of step" in grader("build", "--check", cwd=course, expect=1).stdout


def test_verify_draws_the_matrix(course: Path) -> None:
    ended = grader("verify", "softmax", "--seeds", "2", cwd=course)
    assert "wrong/no_temperature   ·   W" in ended.stdout
    assert "every rule holds" in ended.stdout


def test_verify_names_the_rule_that_is_broken(tmp_path: Path) -> None:
    course = make_built_course(tmp_path)
    edit(course, "solutions/softmax/submissions.yaml", "must_fail: [t02]", "must_fail: [t01]")
    proof = json.loads(grader("verify", "--seeds", "1", "--json", cwd=course, expect=1).stdout)[0]
    assert any("wrong no_temperature, t01: PASSED, where it must fail" in text for text in proof["violations"])
    assert any("wrong no_temperature, t02: WRONG, where it must pass" in text for text in proof["violations"])
    assert "t02 is failed by no wrong submission: what does it catch?" in proof["violations"]


def test_check_tells_a_stub_from_a_wrong_and_a_right_solution(course: Path, tmp_path: Path) -> None:
    grader("package", "softmax", "--to", str(tmp_path), cwd=course)
    with zipfile.ZipFile(tmp_path / "softmax.zip") as bundle:
        bundle.extractall(tmp_path)
    bundle_folder = tmp_path / "softmax"
    assert "not implemented yet" in grader("check", cwd=bundle_folder, expect=1).stdout
    (bundle_folder / "softmax.py").write_text(SOLVED.replace("/ powers.sum", "* powers.sum"))
    wrong = grader("check", cwd=bundle_folder, expect=1).stdout
    assert "softmax(float64 array of shape (2,))" in wrong
    assert "Mismatched elements: 2 / 2" in wrong
    (bundle_folder / "softmax.py").write_text(SOLVED)
    assert "1 of 1 public tests pass" in grader("check", cwd=bundle_folder).stdout
    plain = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir=."]
    assert subprocess.run(plain, cwd=bundle_folder, capture_output=True).returncode == 0


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
    rows = {line.split()[0]: line for line in table.splitlines() if line[:3] in ("ada", "bob", "eve")}
    assert "5" in rows["ada"]
    assert "3" in rows["bob"]
    assert (course / "pages" / "index.html").is_file()


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
    edit(course, "assignments/softmax/softmax.py", "Probabilities", "Probabilities")
    ended = grader("grade", cwd=course, expect=2)
    assert "the reference of softmax does not earn full marks: WRONG in test_t01_values" in ended.stderr
    assert "Nothing was graded" in ended.stderr


def test_a_broken_test_withholds_the_score(tmp_path: Path) -> None:
    course = make_built_course(tmp_path)
    hand_in(course, "ada", SOLVED + "\nEXTRA = 1\n")
    grader("collect", "inbox", cwd=course)
    edit(
        course,
        "autotests/softmax/test_softmax.py",
        "    x = 2.71828 *",
        "    if hasattr(student, 'EXTRA'):\n        raise ZeroDivisionError('our own mistake')\n    x = 2.71828 *",
    )
    assert "1 judged, 0 known, 1 withheld" in grader("grade", cwd=course, expect=1).stdout
    assert "withheld" in grader("report", "--to", "pages", cwd=course).stdout


def test_grading_without_a_wall_must_be_spelled_out_and_is_marked(tmp_path: Path) -> None:
    course = make_built_course(tmp_path)
    hand_in(course, "ada", SOLVED)
    grader("collect", "inbox", cwd=course)
    ended = grader("grade", "--sandbox", "none", cwd=course)
    assert "WARNING: no wall" in ended.stderr
    assert "1 judged, 0 known" in ended.stdout
    assert "1 judged, 0 known" in grader("grade", cwd=course).stdout  # its result does not count behind the wall


def test_doctor_names_every_layer() -> None:
    ended = grader("doctor", "--json", cwd=Path.cwd())
    layers = {finding["layer"]: finding for finding in json.loads(ended.stdout)}
    assert layers["Landlock"]["stands"]
    assert layers["seccomp"]["stands"]
    assert layers["the wall"]["stands"]
