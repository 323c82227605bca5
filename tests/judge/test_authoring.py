"""Hidden tests under plain pytest, for whoever writes them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.judge.topics import TESTS, make_topic

SEEN = """
def test_t09_data(rng, student, reference):
    print("drawn", rng.integers(10**9), student.double(2), reference.double(3))
"""


def run(root: Path, *options: str) -> list[str]:
    """Lines that pytest prints."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "grader.judge.authoring",
        "-p",
        "no:cacheprovider",
        "-q",
        "-rP",
    ]
    command += ["-c", "/dev/null", f"--rootdir={root}", str(root / "autotests" / "task"), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A topic with a test that shows its data."""
    root = tmp_path_factory.mktemp("root")
    make_topic(root, tests=TESTS + SEEN)
    return root


def drawn(lines: list[str]) -> list[str]:
    """What the test above printed."""
    (line,) = (line for line in lines if line.startswith("drawn"))
    return line.split()


def test_in_process(root: Path) -> None:
    """The reference by default, or another module in the student's place; another seed is other data."""
    mine = root / "mine.py"
    mine.write_text("def double(x): return 5 * x\n")
    first, second = run(root), run(root, "--submission", str(mine), "--data-seed", "7")
    assert first[-1].startswith("6 passed")
    assert second[-1].startswith("5 failed, 1 passed")
    (_, data, student, reference), (_, other_data, other_student, other_reference) = (
        drawn(first),
        drawn(second),
    )
    assert data != other_data
    assert (student, reference, other_student, other_reference) == ("4", "6", "10", "6")
