"""The outermost frame: every error becomes a message and an exit code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from grader.cli import main as front
from grader.errors import InputError, MachineError
from tests.cli.running import grader, make_built_course

GRADER = [sys.executable, "-m", "grader"]


def run_script(script: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", script]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(
    ("error", "message", "code"),
    [
        (InputError("odd", path="a.yaml", line=3, hint="Do this."), "error: a.yaml:3: odd\n  Do this.", 2),
        (MachineError("no room"), "error: no room", 3),
        (PermissionError(13, "Permission denied", "x.txt"), "error: x.txt: Permission denied", 3),
        (OSError("odd"), "error: this machine: odd", 3),
        (
            click.UsageError("No such thing."),
            "error: no such thing\n  `grader --help` shows how to use it.",
            2,
        ),
        (
            ZeroDivisionError("by zero"),
            "error: the grader itself has made a mistake: ZeroDivisionError: by zero\n"
            "  `grader --debug ...` shows where; please report it.",
            3,
        ),
    ],
)
def test_an_error_in_words(error: Exception, message: str, code: int) -> None:
    assert front.explain(error) == (message, code)


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), click.Abort()])
def test_stopped_by_hand(
    interruption: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(arguments: list[str]) -> int:
        raise interruption

    monkeypatch.setattr(front, "run", run)
    with pytest.raises(SystemExit) as ended:
        front.main([])
    assert ended.value.code == 130
    assert capsys.readouterr().err == "stopped; what was done so far is kept\n"


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    ended = subprocess.run([*GRADER, "--debug", "grade"], cwd=tmp_path, capture_output=True, text=True)
    assert ended.returncode == 1
    assert "Traceback" in ended.stderr
    assert "no course.yaml here" in ended.stderr


def test_a_reader_that_goes_is_no_error(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*GRADER, "doctor"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1  # which is click's own answer


def test_no_command_shows_what_there_is(tmp_path: Path) -> None:
    assert "For students:" in grader(cwd=tmp_path, expect=2).stderr


def test_a_machine_without_the_wall(tmp_path: Path) -> None:
    course = make_built_course(tmp_path)
    script = """
from grader.sandbox import landlock
landlock.abi = lambda: 0
from grader.cli.main import main
main(["grade"])
"""
    ended = run_script(script, course)
    assert ended.returncode == 3
    assert "error: this machine cannot put up the wall: " in ended.stderr
    assert "`grader doctor` says more; `--sandbox none` grades without a wall, and marks" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_machine_without_dask(tmp_path: Path) -> None:
    course = make_built_course(tmp_path)
    script = """
import sys
sys.modules["distributed"] = None
from grader.cli.main import main
main(["grade", "--cluster", "tcp://127.0.0.1:1"])
"""
    ended = run_script(script, course)
    assert ended.returncode == 3
    assert ended.stderr == "error: dask is not installed; `pip install 'nlp-grader[cluster]'`\n"
