"""The clock of one student process. It stands still while the machine keeps the process waiting.

A deadline is about a submission, not about the machine: on one that has more to do than it can, right work
must not run out of time. The kernel counts how long each thread was ready to run and was not let; that time,
or the judge's own where it was longer, is not held against anybody. It is looked up when a deadline seems to
have passed, and at the end of a long life; before that a process costs one look at the judge's own figure.

Nothing is gained by being kept waiting: who waits for a processor gets one in the end. The two times are not
added up: of a process that keeps itself and the judge busy at once, both wait at once, and a clock that
left out both would stand still for as long as that goes on.

Source: Linux, Documentation/scheduler/sched-stats.rst, "/proc/<pid>/schedstat": time on the processor, time
on a run queue (both in nanoseconds), time slices.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable
from pathlib import Path

JUDGE = Path("/proc/thread-self/schedstat")
LEAST_SECONDS = 0.01  # what is less is no reason to look again
SHORT_SECONDS = 0.5  # a life that is shorter adds nothing to speak of to the time of a submission


class Clock:
    """Seconds that a process had for itself, from an arbitrary beginning."""

    def __init__(self) -> None:
        self._threads: Path | None = None
        self._judge_before = seconds_kept_waiting([JUDGE])
        self._stood_still = 0.0  # for so many seconds, as far as has been looked up
        self._began = time.monotonic()

    def follow(self, process: int) -> None:
        """The process whose clock this is. Until then no time but the judge's own is taken out."""
        self._threads = Path(f"/proc/{process}/task")

    def now(self) -> float:
        """The time."""
        return time.monotonic() - self._stood_still

    def left(self, deadline: float) -> float:
        """Seconds until `deadline`; none or less once it has really passed."""
        while (left := deadline - self.now()) <= 0 and self.catch_up() >= LEAST_SECONDS:
            pass
        return left

    def settle(self) -> float:
        """At the end: the seconds for which it has stood still. Of a short life nobody needs to know."""
        if time.monotonic() - self._began > SHORT_SECONDS:
            self.catch_up()
        return self._stood_still

    def catch_up(self) -> float:
        """Look up how long the process was kept waiting; return how much that is more than was known.

        Where the kernel does not tell, the clock is one like any other.
        """
        waited = seconds_kept_waiting([JUDGE]) - self._judge_before
        if self._threads is not None:
            with contextlib.suppress(OSError):  # it has ended
                # The longest of its threads: the others may well have waited for that one.
                threads = seconds_kept_waiting(thread / "schedstat" for thread in self._threads.iterdir())
                waited = max(waited, threads)
        more = max(0.0, waited - self._stood_still)
        self._stood_still += more
        return more


def seconds_kept_waiting(counts: Iterable[Path]) -> float:
    """The longest time that any of these threads was ready to run and did not; 0 where nothing is told."""
    longest = 0.0
    for path in counts:
        with contextlib.suppress(OSError, ValueError, IndexError), path.open("rb", buffering=0) as figures:
            longest = max(longest, int(figures.read().split()[1]) / 1e9)
    return longest
