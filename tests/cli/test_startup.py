"""`grader --help` is answered before anything heavy is imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

from grader.cli.main import COMMANDS

HEAVY = ("numpy", "torch", "pytest", "nbgrader", "pydantic", "sqlalchemy", "jinja2", "yaml", "rich")
SCRIPT = """
import sys
from grader.cli.main import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    assert end.code == 0, end.code
print(*sorted(name for name in {heavy!r} if name in sys.modules), file=sys.stderr)
"""


def run_help(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", SCRIPT.format(heavy=HEAVY), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True)


def test_help_imports_nothing_heavy() -> None:
    ended = run_help("--help")
    assert ended.stderr.split() == []
    assert all(name in ended.stdout for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command_has_an_example_and_imports_nothing_heavy(command: str) -> None:
    ended = run_help(command, "--help")
    assert ended.stderr.split() == []
    assert f"grader {command}" in ended.stdout.split("Example:")[1]
