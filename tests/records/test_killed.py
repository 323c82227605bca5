"""A writer killed at any moment loses nothing that it was told is kept, and its successor doubles nothing."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from grader.records.store import Records
from tests.records.values import result, result_key, submission

ROOT = Path(__file__).parents[2]


def run_and_kill(path: Path, seconds: float) -> list[str]:
    """The acknowledgements of a writer that is killed `seconds` after its first one."""
    command = [sys.executable, "-m", "tests.records.writer", str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(seconds)
        writer.send_signal(signal.SIGKILL)
        told = writer.stdout.read().rpartition("\n")[0].splitlines()  # what is cut was not told
        assert writer.wait() == -signal.SIGKILL
    return [first.strip(), *told]


def check(path: Path, told: set[str]) -> None:
    with Records.open(path) as records:
        kept = {one.student: one.submission_sha256 for one in records.current_submissions("norm_layers")}
        for line in told:
            kind, index = line.split()
            sha256 = submission(index.encode()).sha256
            assert kept[f"s{index}"] == sha256
            assert records.submission_files(sha256).files["norm_layers.py"] == index.encode()
            if kind == "result":
                assert records.result(result_key(sha256)) == result(result_key(sha256))
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        for table, same in (("submissions", "student"), ("results", "submission_sha256, withheld")):
            doubled = f"SELECT 1 FROM {table} GROUP BY {same} HAVING count(*) > 1"
            assert connection.execute(doubled).fetchall() == []
    connection.close()


def test_sigkill_at_random_moments(tmp_path: Path) -> None:
    path, moments, told = tmp_path / "records.db", random.Random(20260301), set()
    for _ in range(8):
        told |= set(run_and_kill(path, moments.uniform(0, 0.3)))
        check(path, told)
    assert len(told) > 20
