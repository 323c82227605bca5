"""Processor time and memory of trees of processes, from /proc."""

from __future__ import annotations

import os
import resource
import threading
from pathlib import Path
from types import TracebackType

_TICKS = os.sysconf("SC_CLK_TCK")
SAMPLE_SECONDS = 0.01


def reaped_cpu_seconds() -> float:
    """User and system time of all our children that have ended, theirs included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def tree_cpu_seconds(pid: int) -> float:
    """User and system time of a living process, its living descendants, and whatever they have reaped."""
    return sum(_cpu_seconds(member) for member in tree(pid))


def tree(pid: int) -> list[int]:
    """A process and all its descendants. Those that end meanwhile may be missing."""
    members = [pid]
    for member in members:  # grows while we walk
        members += children(member)
    return members


def children(pid: int) -> list[int]:
    """The living children of a process, whichever of its threads started them."""
    tasks = _entries(Path(f"/proc/{pid}/task"))
    return [int(child) for task in tasks for child in _read(task / "children").split()]


def _cpu_seconds(pid: int) -> float:
    # utime, stime, cutime, cstime are fields 14 to 17; the second, a name, may contain anything.
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def memory_bytes(pid: int) -> tuple[int, bool]:
    """Memory of one process, and whether it is proportional (PSS): a page that n processes share counts 1/n.

    Our judge lets nobody but root look at it so closely. Then it is the resident size, which counts shared
    pages in full and so overstates a tree of forked processes.
    """
    for line in _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024, True
    pages = _read(Path(f"/proc/{pid}/statm")).split()
    return (int(pages[1]) * resource.getpagesize() if pages else 0), False


def peak_bytes(pid: int) -> int:
    """The most resident memory that a living process has had so far; 0 for one that has gone."""
    for line in _read(Path(f"/proc/{pid}/status")).splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


class PeakMemory:
    """Samples the memory of all our descendants, in a thread that may run on any processor."""

    def __init__(self, processors: set[int]) -> None:
        self._processors = processors
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self.peak_bytes = 0
        self.proportional = True

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _sample(self) -> None:
        os.sched_setaffinity(0, self._processors)  # of this thread only
        while not self._done.wait(SAMPLE_SECONDS):
            sizes = [memory_bytes(pid) for pid in tree(os.getpid())[1:]]
            self.proportional &= all(proportional for size, proportional in sizes if size)
            self.peak_bytes = max(self.peak_bytes, sum(size for size, _ in sizes))
