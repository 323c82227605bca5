"""What was measured, as values, as a table, and as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.contender import Verdicts
from benchmarks.hidden import hidden_tests
from benchmarks.submissions import Handed

OUT = Path(__file__).parent / "out"
PACKAGES = ("ipykernel", "nbgrader", "numpy", "otter-grader", "pytest", "torch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Means over one batch, in seconds per submission."""

    wall_seconds: float
    cpu_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One contender. `start_seconds` is paid once a topic, outside the batches; 0 where nothing is."""

    name: str
    what: str
    submissions: int  # in each batch
    batches: list[Batch]
    peak_bytes: int
    memory_kind: str  # PSS or RSS, summed over the contender's processes
    start_seconds: float = 0.0

    def walls(self) -> list[float]:
        """Wall seconds per submission, one for each repeat."""
        return [batch.wall_seconds for batch in self.batches]

    def cpus(self) -> list[float]:
        """CPU seconds per submission, one for each repeat."""
        return [batch.cpu_seconds for batch in self.batches]


def disagreements(verdicts: Mapping[str, Verdicts], handed: Sequence[Handed]) -> list[str]:
    """Where a contender's verdicts differ from ours, in words."""
    lines = []
    for name, theirs in verdicts.items():
        for each in handed:
            ours, other = verdicts["ours"][each.student], theirs[each.student]
            if ours != other:
                only = f"only ours passes {sorted(ours - other)}, only {name} passes {sorted(other - ours)}"
                lines.append(f"  {each.variant}: {only}")
    return lines


def ratios(theirs: Sequence[float], ours: Sequence[float]) -> list[float]:
    """Theirs over ours, repeat by repeat: both saw the same weather."""
    return [other / own for other, own in zip(theirs, ours, strict=True)]


def table(topic: str, outcomes: Sequence[Outcome]) -> str:
    """For a terminal. Seconds per submission: median (least to most) of the repeats' means."""
    ours, tests, submissions = outcomes[0], len(hidden_tests(topic)), outcomes[0].submissions
    lines = [
        f"{topic}: {tests} tests, {submissions} submissions, {len(ours.batches)} repeats, one processor",
        "",
        _row("", "wall s / submission", "CPU s / submission", "x ours", "x CPU", "peak MB"),
    ]
    for each in outcomes:
        wall = f"{median(ratios(each.walls(), ours.walls())):.2f}"
        cpu = f"{median(ratios(each.cpus(), ours.cpus())):.2f}"
        peak = f"{each.peak_bytes / 1e6:.0f} {each.memory_kind}"
        lines.append(_row(each.name, _spread(each.walls()), _spread(each.cpus()), wall, cpu, peak))
    lines += [
        "",
        *(f"{each.name:9} {each.what}" for each in outcomes),
        "",
        *_notes(tests, outcomes),
    ]
    return "\n".join(lines)


def _row(name: str, wall: str, cpu: str, wall_ratio: str, cpu_ratio: str, peak: str) -> str:
    return f"{name:9} {wall:>26} {cpu:>26} {wall_ratio:>8} {cpu_ratio:>8} {peak:>10}"


def _spread(values: Sequence[float]) -> str:
    return f"{median(values):.3f} ({min(values):.3f} to {max(values):.3f})"


def _notes(tests: int, outcomes: Sequence[Outcome]) -> list[str]:
    ours, by_name = outcomes[0], {each.name: each for each in outcomes}
    start, submissions = ours.start_seconds, ours.submissions
    notes = [
        f"ours starts in {start:.2f} s a topic: {start / submissions:.3f} s more a submission in this batch"
    ]
    if "floor" in by_name:
        above = [own - low for own, low in zip(ours.walls(), by_name["floor"].walls(), strict=True)]
        notes.append(f"ours is {1000 * median(above) / tests:.1f} ms per test above the floor")
    return notes


def to_json(topic: str, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Everything, with the machine it was measured on."""
    return {
        "topic": topic,
        "tests": len(hidden_tests(topic)),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "platform": platform.platform(),
            "python": platform.python_version(),
            "processors": os.cpu_count(),
            "load": os.getloadavg(),
        },
        "packages": {name: _version(name) for name in PACKAGES},
        "contenders": [
            {
                **asdict(each),
                "wall_ratios": ratios(each.walls(), outcomes[0].walls()),
                "cpu_ratios": ratios(each.cpus(), outcomes[0].cpus()),
            }
            for each in outcomes
        ],
    }


def save(topic: str, outcomes: Sequence[Outcome]) -> Path:
    """Write the JSON into benchmarks/out/."""
    return write(f"per_submission_{topic}", to_json(topic, outcomes))


def write(name: str, data: dict[str, Any]) -> Path:
    """One JSON file in benchmarks/out/, which git does not see."""
    OUT.mkdir(exist_ok=True)
    path = OUT / f"{name}.json"
    path.write_text(json.dumps(data, indent=2) + "\n")
    return path


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
