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


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A topic with a test that shows its data."""
    make_topic(tmp_path, tests=TESTS + SEEN)
    return tmp_path


def drawn(lines: list[str]) -> str:
    """What the test above printed."""
    (line,) = (line for line in lines if line.startswith("drawn"))
    return line


def test_the_reference_by_default(root: Path) -> None:
    """No option needed; another seed is other data."""
    first, other = run(root), run(root, "--data-seed", "7")
    assert first[-1].startswith("6 passed")
    assert other[-1].startswith("6 passed")
    assert drawn(first) != drawn(other)
    assert drawn(first).endswith("4 6")


def test_another_module(root: Path, tmp_path: Path) -> None:
    """In the student's place; the reference stays the reference."""
    mine = tmp_path / "mine.py"
    mine.write_text("def double(x): return 5 * x\n")
    lines = run(root, "--submission", str(mine))
    assert lines[-1].startswith("5 failed, 1 passed")
    assert drawn(lines).endswith("10 6")
