"""What can this machine enforce? Each layer is tried, not looked up."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass

from grader.sandbox import cgroup, landlock, namespaces
from grader.sandbox.confine import NoWall, Wall, missing_layers


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One layer: whether it stands here, whether grading needs it, and the detail or the reason."""

    layer: str
    stands: bool
    needed: bool
    detail: str


def probe() -> tuple[Finding, ...]:
    """Every layer, needed ones first."""
    missing = missing_layers()
    abi = landlock.abi()
    scope = "signals and abstract sockets too" if abi >= 6 else "signals by seccomp"
    return (
        Finding(
            layer="Landlock",
            stands="landlock" not in missing,
            needed=True,
            detail=missing.get("landlock", f"version {abi}: no files, no TCP, {scope}"),
        ),
        Finding(
            layer="seccomp",
            stands="seccomp" not in missing,
            needed=True,
            detail=missing.get("seccomp", "system calls by allow-list"),
        ),
        _try_the_wall(),
        _namespaces(),
        _memory_group(),
        Finding(
            layer="unprivileged user",
            stands=os.geteuid() != 0,
            needed=False,
            detail=f"uid {os.geteuid()}" if os.geteuid() else "root: students run without capabilities",
        ),
    )


def _try_the_wall() -> Finding:
    """Put a child of this process behind the wall and see that it stands."""
    detail = f"tried on {platform.system()} {platform.release()}"
    try:
        wall = Wall.prepare("required")
    except (NoWall, OSError) as error:
        return Finding(layer="the wall", stands=False, needed=True, detail=str(error))
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        try:
            wall.raise_around_this_process(memory_bytes=2**30, cpu_seconds=10)
        except (NoWall, OSError):
            os._exit(1)
        os._exit(0)
    stands = os.waitpid(pid, 0)[1] == 0
    return Finding(
        layer="the wall", stands=stands, needed=True, detail=detail if stands else "it fell when tried"
    )


def _memory_group() -> Finding:
    group = cgroup.make()
    if group is not None:
        group.remove()
    detail = "not delegated to this user" if group is None else "a bound on all students' processes together"
    return Finding(layer="memory cgroup", stands=group is not None, needed=False, detail=detail)


def _namespaces() -> Finding:
    reason = namespaces.missing()
    detail = reason or "a second wall: no host process, network or file has a name behind it"
    return Finding(layer="namespaces", stands=reason is None, needed=False, detail=detail)
