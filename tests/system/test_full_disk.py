"""A disk without a byte left: each command says so and leaves everything as it was; with room it goes on."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# As root, or as root of a user namespace where ordinary users may make one.
WAYS = (["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"])


def way_to_mount() -> list[str]:
    """The first way that this machine lets us go."""
    for way in WAYS:
        with contextlib.suppress(OSError):
            if subprocess.run([*way, "true"], capture_output=True, check=False).returncode == 0:
                return way
    return pytest.skip("this machine lets nobody mount a small disk to fill")


@pytest.fixture(scope="module")
def report(model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What became of every command, in a mount namespace of their own."""
    disk = tmp_path_factory.mktemp("disk")
    command = [*way_to_mount(), sys.executable, "-m", "tests.system.full_disk", str(model), str(disk)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    result: dict[str, Any] = json.loads(ended.stdout)
    return result


@pytest.mark.parametrize("command", ["submit", "collect", "package", "grade", "report"])
def test_a_full_disk(report: dict[str, Any], command: str) -> None:
    """Exit 3, one line with the reason, no file changed or begun; then the same command does its work."""
    if command not in report:
        pytest.skip("only root can grade as root")
    told = report[command]
    first = told["said"].splitlines()[0]
    assert told["code"] == 3, told["said"]
    assert first.startswith("error: ")
    assert "No space left on device" in first or "the disk is full" in first, first
    assert told["changed"] == []
    code, said = told["again"]
    assert code == 0, said
