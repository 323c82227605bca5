"""Public tests where there is no fork server (macOS, Windows): each in a Python process of its own.

    check                        python -m pytest test_public.py::test_x -p grader.judge.portable_plugin
      a folder with copies  ──►    imports the work from there, runs one test, writes outcome.json
      of the work           ◄──    or dies, or is killed at its deadline

Processes are apart and have deadlines, but there is no wall: for a student's own work, never for grading.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from grader.errors import InputError
from grader.judge.engine import ENVIRONMENT, RESTORE
from grader.judge.spec import JudgeSpec
from grader.model.result import HiddenTest, Result, TestResult
from grader.model.submission import Submission
from grader.model.verdict import Verdict

START_SECONDS = 120.0  # Python, pytest and numpy on a slow and busy laptop, before the work is imported
POLL_SECONDS = 0.05
BEGUN, OUTCOME, OUTPUT, MODULE = "begun", "outcome.json", "output.txt", "GRADER_MODULE"


def judge_portable(spec: JudgeSpec, submission: Submission) -> Result:
    """Results of public tests. Raises InputError when the tests themselves cannot be collected."""
    started = time.monotonic()
    tests = _collect(spec)
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        results = pool.map(lambda test: _run(spec, submission.files, test), tests)
    return Result(
        topic=spec.assignment.slug,
        submission_sha256=submission.sha256,
        tests=tuple(results),
        sandbox="none",
        seconds=time.monotonic() - started,
    )


def _collect(spec: JudgeSpec) -> list[HiddenTest]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        try:
            _pytest(spec, folder, str(spec.tests), "--collect-only")
            rows = _read(folder)["tests"]
        except (subprocess.TimeoutExpired, KeyError):
            said = _printed(folder, spec).strip() or "pytest did not end"
            raise InputError(said, path=spec.tests, hint=RESTORE) from None
    return [HiddenTest(**row) for row in rows]


def _run(spec: JudgeSpec, files: Mapping[str, bytes], test: HiddenTest) -> TestResult:
    """One test against a fresh copy of the work."""
    started = time.monotonic()
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        for file, content in files.items():
            (folder / file).write_bytes(content)
        try:
            code = _pytest(spec, folder, f"{spec.tests}::{test.name}")
            verdict, message = _judge(_read(folder), code)
        except subprocess.TimeoutExpired as error:
            verdict, message = Verdict.TIMED_OUT, f"took longer than {error.timeout:g} seconds"
        output = _printed(folder, spec)
    seconds = time.monotonic() - started
    return TestResult(test=test, verdict=verdict, message=message, output=output, seconds=seconds)


def _judge(outcome: dict[str, Any], code: int) -> tuple[Verdict, str]:
    if "verdict" in outcome:
        return Verdict(outcome["verdict"]), str(outcome["message"])
    how = f"was ended by signal {-code}" if code < 0 else f"ended itself with exit code {code}"
    return Verdict.CRASHED, f"the process {how}"


def _pytest(spec: JudgeSpec, folder: Path, *arguments: str) -> int:
    """Run pytest in `folder`; its exit code. Raises TimeoutExpired, with the process killed."""
    command = [sys.executable, "-m", "pytest", *arguments, "-p", "grader.judge.portable_plugin"]
    command += ["--noconftest", "-c", os.devnull, f"--rootdir={spec.root}", "--import-mode=importlib"]
    off = ("cacheprovider", "capture", "terminal", "faulthandler", "unraisableexception", "threadexception")
    command += [argument for name in off for argument in ("-p", f"no:{name}")]
    environment = {**os.environ, **ENVIRONMENT, "PYTHONIOENCODING": "utf-8", MODULE: spec.assignment.module}
    # Into a file: a pipe would stay open as long as anything that the work may have started.
    with open(folder / OUTPUT, "wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            return _wait(process, folder, spec.assignment.limits.test_seconds)
        finally:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], folder: Path, seconds: float) -> int:
    """The exit code. The deadline of `seconds` counts from the moment when the work is imported."""
    allowed, deadline, begun = START_SECONDS, time.monotonic() + START_SECONDS, False
    while (code := process.poll()) is None:
        if not begun and (begun := (folder / BEGUN).exists()):
            allowed, deadline = seconds, time.monotonic() + seconds
        if time.monotonic() > deadline:
            raise subprocess.TimeoutExpired(process.args, allowed)
        time.sleep(POLL_SECONDS)
    return code


def _read(folder: Path) -> dict[str, Any]:
    """What the plugin wrote; empty when the process did not live to write it."""
    try:
        return dict(json.loads((folder / OUTCOME).read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def _printed(folder: Path, spec: JudgeSpec) -> str:
    try:
        with open(folder / OUTPUT, "rb") as file:
            return file.read(spec.assignment.limits.output_kb * 1024).decode("utf-8", "backslashreplace")
    except OSError:
        return ""
