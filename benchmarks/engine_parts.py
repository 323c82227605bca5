"""What our engine's parts cost: a child's life, calls and callbacks, a test above the floor.

    python -m benchmarks.engine_parts [--rounds 60] [--topics transformer_blocks norm_layers]

Medians in milliseconds; judge, fork server and child together on one processor.
Writes benchmarks/out/engine_parts.json.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.contender import Contender, Unfit
from benchmarks.floor import Floor
from benchmarks.hidden import hidden_tests
from benchmarks.ours import Ours
from benchmarks.outcome import write
from benchmarks.submissions import hand_in
from grader.errors import GraderError
from grader.judge.bench import load_message
from grader.judge.child import Child
from grader.judge.faults import MachineFault
from grader.judge.forkserver import ForkServer
from grader.judge.student import Student
from grader.model.assignment import Assignment, Text

SOURCE = b"""
def one():
    return 1

def echo(x):
    return x

def ask(f):
    return f(1)
"""
LIBRARIES = (("numpy",), ("numpy", "torch"))
FILES = {"parts.py": SOURCE}
WARM_ROUNDS = 3


def assignment(libraries: tuple[str, ...]) -> Assignment:
    """An assignment whose submission is `SOURCE`."""
    title = Text(en="parts", zh="parts")
    return Assignment(slug="parts", title=title, note=0, points=0, files=("parts.py",), libraries=libraries)


@contextmanager
def fork_server(libraries: tuple[str, ...]) -> Iterator[ForkServer]:
    """A warm fork server behind the whole wall."""
    server = ForkServer(libraries, "required")
    server.start()
    try:
        yield server
    finally:
        server.stop()


def milliseconds(action: Callable[[], Any], rounds: int) -> float:
    """Median time of an action, after a few rounds that do not count."""
    times = []
    for index in range(rounds + WARM_ROUNDS):
        started = time.perf_counter()
        action()
        if index >= WARM_ROUNDS:
            times.append(time.perf_counter() - started)
    return 1000 * median(times)


def child_of(server: ForkServer, libraries: tuple[str, ...]) -> Child:
    """A process that has been sent `SOURCE`."""
    task = assignment(libraries)
    return Child(server, task, load_message(task, FILES))


def measure_child(server: ForkServer, libraries: tuple[str, ...], rounds: int) -> float:
    """Fork, confine, load the submission, first reply, end."""

    def life() -> None:
        child = child_of(server, libraries)
        child.open()
        Student(child).one()
        child.end()

    return milliseconds(life, rounds)


def measure_calls(server: ForkServer, libraries: tuple[str, ...], rounds: int) -> dict[str, float]:
    """Round trips to one living child."""
    child = child_of(server, libraries)
    child.open()
    student = Student(child)
    small, large = np.ones((4, 8, 16), np.float32), np.ones(10_000_000 // 4, np.float32)
    try:
        return {
            "call, a scalar back": milliseconds(student.one, 10 * rounds),
            "call, 4x8x16 float32 both ways": milliseconds(lambda: student.echo(small), 10 * rounds),
            # A test is sent 256 MiB at most.
            "call, 10 MB both ways": milliseconds(lambda: student.echo(large), min(rounds, 20)),
            "call with one callback": milliseconds(lambda: student.ask(lambda number: number), 10 * rounds),
        }
    finally:
        child.end()


def measure_parts(libraries: tuple[str, ...], rounds: int) -> dict[str, float]:
    """All of one fork server. A callback alone is the call with one less the call without."""
    with fork_server(libraries) as server:
        parts = {"fork, confine, load, reply, end": measure_child(server, libraries, rounds)}
        parts |= measure_calls(server, libraries, rounds)
    parts["callback alone"] = parts["call with one callback"] - parts["call, a scalar back"]
    return parts


def measure_topic(topic: str, rounds: int) -> dict[str, float]:
    """The reference through the engine and on the floor, alternating, per test."""
    tests = len(hidden_tests(topic))
    with tempfile.TemporaryDirectory() as name:
        handed = hand_in(topic, 1, Path(name) / "handed_in")
        contenders: list[Contender] = [Ours(topic, Path(name)), Floor(topic, Path(name))]
        times: dict[str, list[float]] = {contender.name: [] for contender in contenders}
        try:
            for contender in contenders:
                contender.start()
            for _ in range(rounds + WARM_ROUNDS):
                for contender in contenders:
                    started = time.perf_counter()
                    contender.run(handed)
                    times[contender.name].append(1000 * (time.perf_counter() - started) / tests)
        finally:
            for contender in contenders:
                contender.stop()
    ours, floor = (median(times[name][WARM_ROUNDS:]) for name in ("ours", "floor"))
    return {"a test of ours": ours, "a test on the floor": floor, "above the floor": ours - floor}


def table(parts: dict[str, dict[str, float]]) -> str:
    """One block for each thing measured."""
    lines = []
    for title, values in parts.items():
        lines += ["", title, *(f"  {value:9.3f} ms  {name}" for name, value in values.items())]
    return "\n".join(lines[1:])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write. 1 when this machine cannot put up the wall."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.engine_parts", description="What our engine's parts cost."
    )
    parser.add_argument("--rounds", type=int, default=60, help="samples of each part")
    parser.add_argument("--topics", nargs="*", default=["transformer_blocks", "norm_layers"])
    options = parser.parse_args(arguments)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    try:
        parts = {
            f"a fork server with {' and '.join(each)}": measure_parts(each, options.rounds)
            for each in LIBRARIES
        }
        parts |= {topic: measure_topic(topic, max(5, options.rounds // 4)) for topic in options.topics}
    except (Unfit, GraderError, MachineFault) as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 1
    print(table(parts))
    print(f"\nwritten: {write('engine_parts', {'milliseconds': parts, 'rounds': options.rounds})}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
