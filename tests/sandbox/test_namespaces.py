"""The second wall, where this machine gives it: what a process inside still finds, without the first wall."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.judge.forkserver import ForkServer
from grader.sandbox import namespaces
from tests.judge.submitting import submitted

pytestmark = pytest.mark.skipif(
    namespaces.missing() is not None, reason=f"no second wall here: {namespaces.missing()}"
)

INSIDE = """
import json, os, socket, sys, sysconfig
from pathlib import Path
from grader.sandbox import namespaces, policy

def attempt(action):
    try:
        return action()
    except OSError as error:
        return type(error).__name__

def inside():
    namespaces.enter()
    namespaces.change_root(policy.readable_paths())
    stdlib = sysconfig.get_path("stdlib")
    return {
        "pid": os.getpid(),
        "processes": sorted(name for name in os.listdir("/proc") if name.isdigit()),
        "etc": sorted(os.listdir("/etc")) if os.path.exists("/etc") else [],
        "write": [attempt(lambda: open(path, "w")) for path in ("/canary", os.path.join(stdlib, "canary"))],
        "interfaces": [name for _, name in socket.if_nameindex()],
        "host": attempt(lambda: socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)),
        "still importable": bool(__import__("wave")),
        "still readable": len(os.urandom(4)) == len(open("/dev/urandom", "rb").read(4)),
    }

print(json.dumps(inside()))
"""


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """What a process finds in there, while a server of ours listens outside."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = str(listening.getsockname()[1])
        run = subprocess.run([sys.executable, "-c", INSIDE, port], capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(run.stdout)
    return result


def test_no_process_of_the_host(found: dict[str, Any]) -> None:
    """It is the first, and the only one."""
    assert found["pid"] == 1
    assert found["processes"] in (["1"], [])  # none where /proc could not be mounted anew


def test_no_file_of_the_host(found: dict[str, Any]) -> None:
    """Only what Python reads, and nothing to write to."""
    assert set(found["etc"]) <= {"ld.so.cache", "localtime"}
    assert found["write"] == ["OSError", "OSError"]
    assert found["still importable"]
    assert found["still readable"]


def test_no_network_of_the_host(found: dict[str, Any]) -> None:
    """Not even its loopback."""
    assert found["interfaces"] == ["lo"]
    assert found["host"] in ("OSError", "ConnectionRefusedError")


def test_the_one_outside_ends_as_the_one_inside() -> None:
    """Whoever waits for the zygote learns how it ended."""
    source = "import os\nfrom grader.sandbox import namespaces\nnamespaces.enter()\nos._exit(7)"
    assert subprocess.run([sys.executable, "-c", source], check=False).returncode == 7


def test_students_are_inside() -> None:
    """The zygote is their parent, and the first process of its namespace."""
    server = ForkServer(("numpy",), "required")
    server.start()
    with submitted(server, "import os\nf = os.getppid") as student:
        assert student.f() == 1
    server.stop()


def test_python_may_live_below_tmp(tmp_path: Path) -> None:
    """The scratch folder of the new root hides nothing that is bound there."""
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "wanted.txt").write_text("here")
    source = (
        "import sys\nfrom pathlib import Path\nfrom grader.sandbox import namespaces, policy\n"
        "namespaces.enter()\n"
        "namespaces.SCRATCH = (sys.argv[1], '/dev/shm')\n"
        "namespaces.change_root([*policy.readable_paths(), Path(sys.argv[1], 'library')])\n"
        "print(Path(sys.argv[1], 'library', 'wanted.txt').read_text())"
    )
    command = [sys.executable, "-c", source, str(tmp_path)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "here\n"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: namespaces._check(-1, "unshare"), "unshare: "),
        (lambda: namespaces._mount("nothing", "/no/such/place", 0, "tmpfs"), "mount /no/such/place: "),
    ],
    ids=["any call", "mount"],
)
def test_what_the_kernel_refuses(call: Any, message: str) -> None:
    """With the name of the call."""
    with pytest.raises(OSError, match=message):
        call()
