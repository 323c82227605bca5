"""A bound on the memory of a fork server and all its children together, where a control group may be made.

The limits of each child bound what it asks for; this one bounds what the kernel really spends on all of them,
page tables and socket buffers too. It needs a folder under /sys/fs/cgroup that we may write to: as root, or
where systemd has delegated one to the user. See cgroups(7); version 2, and 1 for the memory controller.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MOUNT = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")
_PREFIX = "grader-"
_REMOVE_SECONDS = 1.0
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryGroup:
    """One control group. `limit` and `usage` are names of its files, which differ between the versions."""

    folder: Path
    limit: str
    usage: str

    @property
    def members(self) -> Path:
        """A process that writes its number here belongs to the group, and so do all that it forks."""
        return self.folder / "cgroup.procs"

    def used_bytes(self) -> int:
        """What all members use now."""
        return int((self.folder / self.usage).read_text())

    def set_limit(self, limit_bytes: int) -> None:
        """The kernel ends the largest member of a group that needs more. Raises OSError."""
        (self.folder / self.limit).write_text(str(limit_bytes))

    def remove(self) -> None:
        """Give the group back, once its members have ended; whoever is in it a second later keeps it."""
        deadline = time.monotonic() + _REMOVE_SECONDS
        while self.folder.exists() and time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                self.folder.rmdir()
                return
            time.sleep(0.01)


def make() -> MemoryGroup | None:
    """A group without members, None where none may be made here. Empty ones of killed judges are removed."""
    for parent, limit, usage in _places():
        _sweep(parent)
        group = MemoryGroup(
            folder=parent / f"{_PREFIX}{os.getpid()}-{next(_numbers)}", limit=limit, usage=usage
        )
        with contextlib.suppress(OSError):
            group.folder.mkdir()
            if os.access(group.folder / limit, os.W_OK) and os.access(group.members, os.W_OK):
                return group
            group.folder.rmdir()
    return None


def _places() -> Iterator[tuple[Path, str, str]]:
    """Where a group might be made: beside our own (a group with processes may have no groups below it)."""
    with contextlib.suppress(OSError, ValueError):
        for line in MEMBERSHIP.read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            if not controllers:
                own = MOUNT / path.lstrip("/")
                yield own if own == MOUNT else own.parent, "memory.max", "memory.current"
            elif "memory" in controllers.split(","):
                for place in (MOUNT / "memory" / path.lstrip("/"), MOUNT / "memory"):
                    yield place, "memory.limit_in_bytes", "memory.usage_in_bytes"


def _sweep(parent: Path) -> None:
    with contextlib.suppress(OSError):
        for folder in parent.glob(f"{_PREFIX}*-*"):
            maker = folder.name.removeprefix(_PREFIX).partition("-")[0]
            if not Path("/proc", maker).exists():  # a living one may be about to use it
                with contextlib.suppress(OSError):  # refused while somebody is in it
                    folder.rmdir()
