"""What the benchmark asks of every grader that takes part."""

from __future__ import annotations

import os
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from benchmarks.submissions import ROOT, Handed
from benchmarks.usage import reaped_cpu_seconds

RUN_SECONDS = 3600.0

# Names of the passed tests by student.
Verdicts = dict[str, frozenset[str]]


class Unfit(Exception):
    """A contender could not run here, or did not grade what it was given. The message has its own words."""


class Contender(ABC):
    """One grader, for one topic. Only `run` is timed."""

    name: ClassVar[str]
    what: ClassVar[str]  # the configuration, for the table

    def __init__(self, topic: str, folder: Path) -> None:
        self.topic, self.folder = topic, folder

    def start(self) -> None:
        """Everything that is done once a course. Raises Unfit."""
        return

    def prepare(self, handed: Sequence[Handed]) -> None:
        """Lay out a batch; forget the one before."""
        return

    @abstractmethod
    def run(self, handed: Sequence[Handed]) -> None:
        """Grade a batch. Raises Unfit."""

    @abstractmethod
    def verdicts(self, handed: Sequence[Handed]) -> Verdicts:
        """What `run` found. Raises Unfit."""

    def cpu_seconds(self) -> float:
        """User and system time used so far; processes that have ended, unless overridden."""
        return reaped_cpu_seconds()

    def stop(self) -> None:
        """End what `start` has started."""
        return


def run_quietly(command: Sequence[str | Path], cwd: Path, codes: tuple[int, ...] = (0,)) -> str:
    """Run a peer's command in the benchmark's environment; its standard output. Raises Unfit."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    if done.returncode not in codes:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise Unfit(f"`{' '.join(map(str, command))}` ended with {done.returncode}:\n{last}")
    return done.stdout


def environment() -> Mapping[str, str]:
    """The same for all: one thread, this environment's programs first, no plugins that nobody asked for."""
    return {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": str(ROOT),
    }
