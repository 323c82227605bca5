"""The wall, tried for real: `behind` runs each attempt in a confined child of a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.sandbox.attempts import REFUSED, WORKS

REFUSALS = ("EPERM", "EACCES")


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """What became of every attempt."""
    command = [sys.executable, "-m", "tests.sandbox.behind"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    result: dict[str, Any] = json.loads(run.stdout)
    result["printed"] = run.stderr
    return result


@pytest.mark.parametrize("attempt", REFUSED)
def test_what_is_refused(report: dict[str, Any], attempt: str) -> None:
    """A PermissionError, not a dead process: honest code that tries it can tell."""
    assert report["refused"][attempt] in REFUSALS


@pytest.mark.parametrize("attempt", WORKS)
def test_what_works(report: dict[str, Any], attempt: str) -> None:
    """What an honest solution may need."""
    assert report["works"][attempt] == f"done {json.dumps(WORKS[attempt][1])}"


def test_printing_arrives(report: dict[str, Any]) -> None:
    """On the descriptor that was open before the wall went up."""
    assert "a student prints" in report["printed"]


def test_limits(report: dict[str, Any]) -> None:
    """Memory is an exception that code can see, processor time the end."""
    assert report["limits"] == {
        "memory within the limit": f"done {2**27}",
        "memory beyond the limit": "MemoryError: ",
        "descriptors beyond the limit": "EMFILE",
        "processor time beyond the limit": "SIGKILL",
    }


def test_the_status_seen_from_outside(report: dict[str, Any]) -> None:
    """The kernel's own word, not the child's."""
    status = report["status"]
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    for capabilities in ("CapEff", "CapPrm", "CapInh", "CapAmb", "CapBnd"):
        # An ordinary user may not touch the bounding set, and cannot use it without an exec either.
        assert int(status[capabilities], 16) == 0 or (capabilities == "CapBnd" and report["uid"] != 0)


def test_landlock_alone(report: dict[str, Any]) -> None:
    """Files always; TCP from version 4, signals from version 6 on; the rest is seccomp's."""
    alone = report["alone"]["landlock"]
    assert alone["open /etc/passwd"] == "EACCES"
    assert alone["connect"] == ("EACCES" if report["abi"] >= 4 else "ECONNREFUSED")
    assert alone["kill the parent"] == ("EPERM" if report["abi"] >= 6 else "done null")
    assert alone["fork"].startswith("done")


def test_seccomp_alone(report: dict[str, Any]) -> None:
    """Processes, sockets, signals; files are Landlock's."""
    alone = report["alone"]["seccomp"]
    assert [alone[name] for name in ("socket", "connect", "fork", "kill the parent")] == ["EPERM"] * 4
    assert alone["open /etc/passwd"] == "done null"


def test_without_a_wall(report: dict[str, Any]) -> None:
    """The attempts do succeed where nothing stands: the tests above prove something."""
    alone = report["alone"]["none"]
    assert alone["open /etc/passwd"] == alone["socket"] == alone["kill the parent"] == "done null"
    assert alone["fork"].startswith("done")


def test_a_layer_that_only_pretends(report: dict[str, Any]) -> None:
    """Each layer is tried once it is up; a child whose wall fell never loads a submission."""
    assert report["fallen landlock"] == "Landlock was switched on and files can still be opened"
    assert report["fallen seccomp"] == "seccomp was switched on and sockets can still be made"


def test_a_filter_that_the_kernel_refuses(report: dict[str, Any]) -> None:
    """The kernel's reason is passed on."""
    assert report["bad filter"] == "[Errno 22] seccomp: Invalid argument"


def test_root_becomes_nobody(report: dict[str, Any]) -> None:
    """All three user ids, and no groups left."""
    if report["uid"] == 0:
        assert report["dropped"] == "nobody (65534, 65534, 65534) True"
    else:
        assert report["dropped"].startswith(f" ({os.getuid()}")


def test_not_dumpable(report: dict[str, Any]) -> None:
    """Closes /proc/PID and ptrace to other processes of the same user."""
    assert report["undumpable"] == "0"
