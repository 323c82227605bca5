"""What a student reads: short, about their own code, and the same on every system."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import SOLVED, bundle, grader
from tests.course.small_topic import STUB

TESTS = """\
import numpy as np
import pytest


def test_two_equal_scores(student):
    \"\"\"Two equal scores share the probability.\"\"\"
    y = student.softmax(np.zeros(2))
    np.testing.assert_allclose(y, [0.5, 0.5])


def test_temperature(student):
    \"\"\"A temperature of zero is refused.\"\"\"
    with pytest.raises(ValueError):
        student.softmax(np.zeros(2), 0.0)
"""
FIRST = "Two equal scores share the probability."
ROADS = ([], ["--portable"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An unpacked handout with a test of each kind, and short limits."""
    folder = bundle(tmp_path_factory.mktemp("student"))
    (folder / "test_public.py").write_text(TESTS)
    text = (folder / "assignment.yaml").read_text("utf-8")
    limits = "limits: {call_seconds: 2, test_seconds: 3}"
    (folder / "assignment.yaml").write_text(text.replace("limits: {call_seconds: 5}", limits), "utf-8")
    return folder


def check(folder: Path, source: str, *road: str) -> list[str]:
    """The lines that `grader check` prints for a module that does not pass every test."""
    (folder / "softmax.py").write_text(source)
    printed = grader("check", *road, cwd=folder, expect=1).stdout
    assert str(folder) not in printed
    assert "site-packages" not in printed
    assert "grader/" not in printed
    return printed.splitlines()


def replaced(old: str, new: str) -> str:
    assert old in SOLVED
    return SOLVED.replace(old, new)


@pytest.mark.parametrize("road", ROADS)
def test_a_stub_is_not_implemented_and_no_more_is_said(folder: Path, road: list[str]) -> None:
    assert check(folder, STUB, *road) == [
        f"· {FIRST}  (not implemented yet)",
        "· A temperature of zero is refused.  (not implemented yet)",
        "",
        "0 of 2 public tests pass for softmax.py.",
    ]


@pytest.mark.parametrize("road", ROADS)
def test_a_right_solution_is_told_what_comes_next(folder: Path, road: list[str]) -> None:
    (folder / "softmax.py").write_text(SOLVED)
    assert grader("check", *road, cwd=folder).stdout.splitlines() == [
        f"✓ {FIRST}",
        "✓ A temperature of zero is refused.",
        "",
        "2 of 2 public tests pass for softmax.py.",
        "The hidden tests ask for more than these; hand in with `grader submit`.",
    ]


@pytest.mark.parametrize("road", ROADS)
def test_a_wrong_value_is_shown_beside_the_right_one(folder: Path, road: list[str]) -> None:
    lines = check(folder, replaced("/ powers.sum", "* 0.1 / powers.sum"), *road)
    call = "" if road else "softmax(float64 (2,)): "
    assert lines[:6] == [
        f"✗ {FIRST}",
        f"    {call}2 of 2 values are off, most at [0]: 0.05 where 0.5 is due",
        "      yours:    [0.05 0.05]",
        "      expected: [0.5 0.5]",
        "    test_public.py:8: np.testing.assert_allclose(y, [0.5, 0.5])",
        "✓ A temperature of zero is refused.",
    ]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("powers[:, None]", "shape (2, 1) where (2,) is due"),
        ("None", "your value is None, not numbers"),
        ("np.array([np.nan, 0.5])", "most at [0]: nan where 0.5 is due; 1 values are nan or inf"),
        ("np.array([0.5000004, 0.5], np.float32)", "is due; float32 has too few digits"),
        ("np.zeros(2, bool)", "2 of 2 values are off, most at [0]: False where 0.5 is due"),
        ("np.zeros(50)", "shape (50,) where (2,) is due"),
        ("{'p': 1}", "your value is dict of 1, not numbers"),
    ],
)
def test_another_shape_kind_or_type_is_named(folder: Path, answer: str, words: str) -> None:
    lines = check(folder, replaced("powers / powers.sum(axis=-1, keepdims=True)", answer))
    assert words in "".join(lines[1:3])


@pytest.mark.parametrize("road", ROADS)
def test_an_exception_shows_the_students_own_frames(folder: Path, road: list[str]) -> None:
    lines = check(folder, replaced("powers = np.exp", "powers = shift(x)\n    powers = np.exp"), *road)
    number = (
        SOLVED.splitlines().index("    powers = np.exp((x - x.max(axis=-1, keepdims=True)) / temperature)")
        + 1
    )
    at = lines.index("    Traceback (most recent call last):")
    assert lines[at + 1 : at + 3] == [
        f'      File "softmax.py", line {number}, in softmax',
        "        powers = shift(x)",
    ]
    assert "    NameError: name 'shift' is not defined" in lines
    assert "    test_public.py:7: y = student.softmax(np.zeros(2))" in lines
    assert len(lines) < 14


@pytest.mark.parametrize("road", ROADS)
def test_a_module_that_does_not_load_is_told_once(folder: Path, road: list[str]) -> None:
    lines = check(folder, "x = 1\ndef softmax(:\n", *road)
    assert '      File "softmax.py", line 2' in lines
    assert "    SyntaxError: invalid syntax" in lines
    assert lines[-3] == "✗ A temperature of zero is refused.  (as above)"
    lines = check(folder, "import numpyy\n", *road)
    assert '      File "softmax.py", line 1, in <module>' in lines
    assert any("ModuleNotFoundError: No module named 'numpyy'" in line for line in lines)


@pytest.mark.parametrize("road", ROADS)
def test_an_endless_loop_says_its_limit(folder: Path, road: list[str]) -> None:
    lines = check(
        folder, replaced("powers = np.exp", "while True:\n        pass\n    powers = np.exp"), *road
    )
    limit = "took longer than 3 seconds" if road else "softmax(float64 (2,)): took longer than 2 seconds"
    assert lines[1:3] == [f"    {limit}", "    Is there a loop that does not end?"]


@pytest.mark.parametrize("road", ROADS)
def test_a_process_that_ends_says_how(folder: Path, road: list[str]) -> None:
    lines = check(
        folder, replaced("powers = np.exp", "import os\n    os._exit(3)\n    powers = np.exp"), *road
    )
    assert "exit code 3" in lines[1]
    assert lines[-1] == "1 of 2 public tests pass for softmax.py."
    lines = check(
        folder, replaced("powers = np.exp", "import os\n    os.abort()\n    powers = np.exp"), *road
    )
    assert "was ended by" in lines[1]


@pytest.mark.parametrize("road", ROADS)
def test_a_missing_function_is_named_and_guessed(folder: Path, road: list[str]) -> None:
    lines = check(folder, SOLVED.replace("def softmax", "def soft_max"), *road)
    assert lines[1:4] == [
        "    there is no softmax",
        "    softmax.py has 'soft_max': is that meant to be it?",
        "    test_public.py:7: y = student.softmax(np.zeros(2))",
    ]
    lines = check(folder, "x = 1\n", *road)
    assert lines[1:3] == ["    there is no softmax", "    test_public.py:7: y = student.softmax(np.zeros(2))"]


@pytest.mark.parametrize("road", ROADS)
def test_what_was_printed_is_shown_and_cannot_act(folder: Path, road: list[str]) -> None:
    source = replaced("/ powers.sum", "* 0.1 / powers.sum") + "\nprint('loaded', '\\x1b[31mred')\n"
    lines = check(folder, source, *road)
    at = lines.index("    it printed:")
    assert lines[at + 1] == "      loaded \\x1b[31mred"
    many = check(folder, source + "for i in range(40):\n    print(i)\n", *road)
    assert "      [29 more lines]" in many


def test_a_failed_check_of_the_test_itself(folder: Path) -> None:
    lines = check(folder, replaced("if temperature <= 0", "if temperature < 0"))
    assert any("DID NOT RAISE" in line and "ValueError" in line for line in lines)
    assert "    test_public.py:13: with pytest.raises(ValueError):" in lines


def test_helper_modules_come_along(folder: Path) -> None:
    (folder / "shifted.py").write_text("def shift(x):\n    return x - x.max(axis=-1, keepdims=True)\n")
    source = replaced("(x - x.max(axis=-1, keepdims=True))", "shift(x)")
    (folder / "softmax.py").write_text(
        source.replace("import numpy as np", "import numpy as np\nfrom shifted import shift")
    )
    assert "2 of 2 public tests pass" in grader("check", cwd=folder).stdout
    (folder / "shifted.py").unlink()


def test_the_same_for_a_machine(folder: Path) -> None:
    (folder / "softmax.py").write_text(replaced("if temperature <= 0", "if temperature < 0"))
    data = json.loads(grader("check", "--json", cwd=folder, expect=1).stdout)
    assert [test["verdict"] for test in data["tests"]] == ["PASSED", "WRONG"]
    assert data["tests"][1]["title"] == "A temperature of zero is refused."
    assert "DID NOT RAISE" in data["tests"][1]["message"]


def test_the_bundle_needs_nothing_of_ours(folder: Path) -> None:
    (folder / "softmax.py").write_text(SOLVED)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        "/dev/null",
        "--rootdir=.",
    ]
    assert subprocess.run(command, cwd=folder, capture_output=True).returncode == 0


def test_the_portable_road_needs_no_unix(folder: Path) -> None:
    """Windows has none of these modules."""
    (folder / "softmax.py").write_text(SOLVED)
    missing = ("fcntl", "grp", "pwd", "resource", "termios", "pyseccomp")
    script = f"""
import sys
sys.modules.update(dict.fromkeys({missing!r}))
from grader.cli.main import main
import grader.judge.portable_plugin
main(["check", "--portable"])
"""
    command = [sys.executable, "-c", script]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert "2 of 2 public tests pass" in ended.stdout
