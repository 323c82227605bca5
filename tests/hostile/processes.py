"""Other processes as /proc shows them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

_STEP = 1 << 16


def descendants(root: int) -> set[int]:
    """A process and all that descend from it, by the parents that /proc names."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended since
    family = {root}
    while children := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= children
    return family


def is_alive(pid: int) -> bool:
    """Whether a process is there and not a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def assert_gone(pids: set[int]) -> None:
    """None of the processes is alive after a moment; one that nobody has waited for yet is not."""
    deadline = time.monotonic() + 5
    while alive := [pid for pid in pids if is_alive(pid)]:
        assert time.monotonic() < deadline, f"{alive} are still there"
        time.sleep(0.02)


def zygotes(root: int) -> list[int]:
    """The fork servers below a process; their children have the same command line."""
    family = {pid for pid in descendants(root) if "grader.worker.zygote" in read(pid, "cmdline").decode()}
    return [pid for pid in family if not family & parents_of(pid)]


def parents_of(pid: int) -> set[int]:
    """The parent of a process, if it is there."""
    fields = read(pid, "stat").rpartition(b")")[2].split()
    return {int(fields[1])} if fields else set()


def read(pid: int, name: str) -> bytes:
    """A file of a process; empty when it has ended."""
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def memory_of(pid: int) -> bytes:
    """All readable memory of a process but for files that it cannot change there.

    Raises PermissionError where we may not look.
    """
    return b"".join(_regions(pid))


def _regions(pid: int) -> Iterator[bytes]:
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for row in read(pid, "maps").decode().splitlines():
            ends, mode, *rest = row.split()
            start, end = (int(part, 16) for part in ends.split("-"))
            if start < 2**63 and mode[0] == "r" and (mode[1] == "w" or "/" not in rest[-1]):
                try:
                    memory.seek(start)
                    for at in range(start, end, _STEP):
                        part = memory.read(min(_STEP, end - at))
                        yield part if part.strip(b"\0") else b""
                except OSError:  # the kernel's own pages
                    continue
