"""The smallest topic of docs/writing-an-assignment.md, copied out of the page, does what the page says."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "writing-an-assignment.md"
FILE = re.compile(r"^`([^`\n]+)`[^\n]*\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def shell_blocks() -> list[list[list[str]]]:
    """The words of every command of every shell block, without the remarks."""
    blocks = SHELL.findall(PAGE.read_text())
    return [[shlex.split(line, comments=True) for line in block.splitlines()] for block in blocks]


def run(words: list[str], cwd: Path, expect: int = 0) -> str:
    """What a command printed; `grader` and `pytest` are those of this interpreter."""
    python = [sys.executable, "-m"] if words[0] in ("grader", "pytest") else []
    bare = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # an author's plugins are slow and not ours
    ended = subprocess.run([*python, *words], cwd=cwd, env=bare, capture_output=True, text=True, timeout=60)
    assert ended.returncode == expect, (
        f"{shlex.join(words)}: {ended.returncode}\n{ended.stdout}\n{ended.stderr}"
    )
    return ended.stdout


@pytest.fixture(scope="module")
def printed(course: Path) -> dict[str, str]:
    """What every command of the page printed, by its first two words, run in order."""
    _, commands = shell_blocks()
    return {" ".join(words[:2]): run(words, course) for words in commands}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder, after the page's first commands and with all of its files."""
    root = tmp_path_factory.mktemp("course")
    folders, _ = shell_blocks()
    for words in folders:
        run(words, root)
    for name, text in FILE.findall(PAGE.read_text()):
        (root / name).write_text(text)
    return root


def test_the_commands_are_those_of_an_author(printed: dict[str, str]) -> None:
    assert list(printed) == ["grader build", "pytest -q", "grader verify", "grader package"]


def test_build_writes_a_stub_without_the_solution(course: Path, printed: dict[str, str]) -> None:
    stub = (course / "assignments/perplexity/perplexity.py").read_text()
    assert "assignments/perplexity/perplexity.py" in printed["grader build"]
    assert "raise NotImplementedError" in stub
    assert "np.exp" not in stub


def test_hidden_tests_pass_in_process(printed: dict[str, str]) -> None:
    assert "2 passed" in printed["pytest -q"]


def test_every_rule_holds(printed: dict[str, str]) -> None:
    assert "every rule holds" in printed["grader verify"]


def test_public_tests_fail_on_the_stub_and_pass_on_the_reference(
    course: Path, printed: dict[str, str], tmp_path: Path
) -> None:
    with zipfile.ZipFile(course / "dist/perplexity.zip") as bundle:
        bundle.extractall(tmp_path)
    handout = tmp_path / "perplexity"
    assert "NotImplementedError" in run(["pytest", "-q"], handout, expect=1)
    (handout / "perplexity.py").write_bytes((course / "solutions/perplexity/perplexity.py").read_bytes())
    assert "1 passed" in run(["pytest", "-q"], handout)
