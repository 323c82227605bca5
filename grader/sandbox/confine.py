"""The wall, in the order in which it goes up in a freshly forked child.

    descriptors closed, output to a pipe     nothing of ours can be reached
    dies with its parent                     nothing survives us
    resource limits                          memory, CPU, files, core
    not dumpable, no capabilities            no ptrace, no /proc/PID, nothing root has
    no_new_privs                             no exec could gain anything
    Landlock                                 only Python readable, nothing writable, no network, no signals
    seccomp                                  no process, socket, mount, ptrace; last, as it forbids the rest

`Wall.prepare` does the slow part once, in the zygote; `Wall.raise_around_this_process` takes about a
millisecond.
"""

from __future__ import annotations

import os
import resource
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace

from grader.sandbox import landlock, policy, privileges, seccomp


class NoWall(Exception):
    """This machine cannot put up the wall. The message says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """What a process has mapped, in bytes: all of it, and what it can write to and shares with nobody."""

    mapped_bytes: int
    writable_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """What a child needs to confine itself; empty parts where the machine lacks them."""

    ruleset: int | None  # Landlock descriptor
    filter: bytes | None  # seccomp program
    base: Footprint  # of the warm zygote
    name: str  # "landlock7+seccomp", "none"

    @classmethod
    def prepare(cls, mode: str) -> Wall:
        """`required`: everything or NoWall. `available`: whatever stands here. `none`: resource limits
        only."""
        layers = standing_layers(mode)
        ruleset = filter_ = None
        if "landlock" in layers:
            ruleset = landlock.create_ruleset(policy.readable_paths(), policy.WRITABLE_DEVICES)
        if "seccomp" in layers:
            filter_ = seccomp.compile_filter()
        return cls(ruleset=ruleset, filter=filter_, base=footprint(), name=wall_name(mode))

    def with_ruleset(self, descriptor: int | None) -> Wall:
        """The same wall, its Landlock ruleset under another descriptor."""
        return replace(self, ruleset=descriptor)

    def raise_around_this_process(self, *, memory_bytes: int, cpu_seconds: int) -> None:
        """Confine this process for good. Raises OSError or NoWall; then it must not run student code."""
        set_limits(self.base, memory_bytes, cpu_seconds)
        privileges.set_undumpable()
        privileges.drop_capabilities()
        if self.ruleset is None and self.filter is None:
            return
        privileges.set_no_new_privs()
        if self.ruleset is not None:
            landlock.restrict_self(self.ruleset)
            os.close(self.ruleset)
        if self.filter is not None:
            seccomp.load_filter(self.filter)
        self._try_it()

    def _try_it(self) -> None:
        """A wall that was announced but does not stand must not go unnoticed."""
        if self.ruleset is not None and not _refused(lambda: os.close(os.open("/", os.O_RDONLY))):
            raise NoWall("Landlock was switched on and files can still be opened")
        if self.filter is not None and not _refused(lambda: socket.socket().close()):
            raise NoWall("seccomp was switched on and sockets can still be made")


def _refused(attempt: Callable[[], None]) -> bool:
    try:
        attempt()
    except PermissionError:
        return True
    return False


def standing_layers(mode: str) -> tuple[str, ...]:
    """The layers that a wall of this mode has here. Raises NoWall when `required` and one is missing."""
    if mode == "none":
        return ()
    missing = missing_layers()
    if mode == "required" and missing:
        raise NoWall("; ".join(f"{layer}: {reason}" for layer, reason in missing.items()))
    return tuple(layer for layer in ("landlock", "seccomp") if layer not in missing)


def wall_name(mode: str) -> str:
    """What the records call the wall of this mode on this machine: `landlock7+seccomp`, `none`. Raises
    NoWall."""
    layers = [
        f"landlock{landlock.abi()}" if layer == "landlock" else layer for layer in standing_layers(mode)
    ]
    return "+".join(layers) or "none"


def missing_layers() -> dict[str, str]:
    """The layers of the wall that this machine cannot put up, with the reason. Empty is good."""
    missing = {}
    if landlock.abi() == 0:
        missing["landlock"] = "needs Linux 5.13 or newer with Landlock enabled"
    reason = seccomp.available()
    if reason is not None:
        missing["seccomp"] = reason
    return missing


def set_limits(base: Footprint, memory_bytes: int, cpu_seconds: int) -> None:
    """Hard limits of this process, which may use `memory_bytes` beyond the `base` that it inherited.

    Writable memory is what counts. The address space is bounded more widely: threads reserve much of it that
    nobody ever uses.
    """
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, policy.OPEN_FILES),
        (resource.RLIMIT_NPROC, policy.TASKS),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_DATA, base.writable_bytes + memory_bytes),
        (resource.RLIMIT_AS, base.mapped_bytes + memory_bytes + policy.RESERVED_BYTES),
    ):
        _, hard = resource.getrlimit(limit)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (value, value))


def footprint() -> Footprint:
    """This process's."""
    with open("/proc/self/status") as file:
        sizes = dict(line.split(":", 1) for line in file if line.startswith(("VmSize:", "VmData:")))
    mapped, writable = (int(sizes[name].split()[0]) * 1024 for name in ("VmSize", "VmData"))
    return Footprint(mapped_bytes=mapped, writable_bytes=writable)
