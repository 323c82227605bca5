"""The driver of the attempts, each in a forked child: `python -m tests.sandbox.behind`.

Prints one JSON object: what became of every attempt behind every wall.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.sandbox import landlock, privileges, seccomp
from grader.sandbox.confine import NoWall, Wall
from tests.sandbox.attempts import LIMITS, REFUSED, WORKS

_libc = ctypes.CDLL(None, use_errno=True)


def outcome(attempt: Callable[[], Any]) -> str:
    """`EPERM`, `done 6`, ... of an attempt."""
    try:
        return f"done {json.dumps(attempt())}"
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, repr(error))
    except BaseException as error:
        return f"{type(error).__name__}: {error}"


def in_a_child(work: Callable[[], str]) -> str:
    """The text that `work` returns in a forked child, or how the child ended."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        try:
            os.write(writing, work().encode())
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as file:
        text = file.read().decode()
    status = os.waitpid(pid, 0)[1]
    return text or (signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else f"exit {status}")


def behind(wall: Wall, attempt: Callable[[], Any]) -> str:
    """What becomes of an attempt behind a wall."""

    def work() -> str:
        wall.raise_around_this_process(memory_bytes=2**28, cpu_seconds=1)
        return outcome(attempt)

    return in_a_child(work)


def walls() -> dict[str, Wall]:
    """The whole wall, and each layer alone."""
    whole = Wall.prepare("required")
    fields = {"base": whole.base, "name": "one layer"}
    return {
        "whole": whole,
        "landlock": Wall(ruleset=whole.ruleset, filter=None, **fields),  # type: ignore[arg-type]  # a mixed dict
        "seccomp": Wall(ruleset=None, filter=whole.filter, **fields),  # type: ignore[arg-type]  # the same
        "none": Wall.prepare("none"),
    }


def status_from_outside(wall: Wall) -> dict[str, str]:
    """Lines of /proc/PID/status of a confined child, read by its parent."""
    ready, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        wall.raise_around_this_process(memory_bytes=2**28, cpu_seconds=1)
        os.write(told, b"x")
        time.sleep(30)
        os._exit(0)
    os.read(ready, 1)
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}


def fallen(module: Any, name: str, wall: Wall) -> str:
    """What the wall says of itself when a layer only pretends."""

    def work() -> str:
        setattr(module, name, lambda _: None)
        try:
            wall.raise_around_this_process(memory_bytes=2**28, cpu_seconds=1)
        except NoWall as error:
            return str(error)
        return "nothing"

    return in_a_child(work)


def bad_filter() -> str:
    """A program that the kernel refuses."""
    privileges.set_no_new_privs()
    try:
        seccomp.load_filter(b"")
    except OSError as error:
        return str(error)
    return "loaded"


def dropped() -> str:
    """Root, where we are root, becomes nobody."""
    how = privileges.drop_root([Path("/usr/lib")])
    return f"{how} {os.getresuid()} {os.getgroups() == []}"


def undumpable() -> str:
    """What the kernel answers to PR_GET_DUMPABLE."""
    privileges.set_undumpable()
    return str(_libc.prctl(3, 0, 0, 0, 0))


def main() -> None:
    """Everything, as JSON."""
    stand = walls()
    alone = ("open /etc/passwd", "socket", "connect", "fork", "kill the parent")
    report = {
        "refused": {name: behind(stand["whole"], attempt) for name, attempt in REFUSED.items()},
        "works": {name: behind(stand["whole"], attempt) for name, (attempt, _) in WORKS.items()},
        "limits": {name: behind(stand["whole"], attempt) for name, attempt in LIMITS.items()},
        "alone": {
            layer: {name: behind(stand[layer], REFUSED[name]) for name in alone}
            for layer in ("landlock", "seccomp", "none")
        },
        "status": status_from_outside(stand["whole"]),
        "fallen landlock": fallen(landlock, "restrict_self", stand["landlock"]),
        "fallen seccomp": fallen(seccomp, "load_filter", stand["seccomp"]),
        "bad filter": in_a_child(bad_filter),
        "dropped": in_a_child(dropped),
        "undumpable": in_a_child(undumpable),
        "abi": landlock.abi(),
        "uid": os.getuid(),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
