"""Seconds per submission: ours, and what a user would pick instead. Same tests, submissions and verdicts.

    python -m benchmarks.per_submission --topic norm_layers --submissions 20 --repeats 3 [--only floor pytest]

Everything is pinned to one processor, so seconds are per core. In each repeat every contender grades the
batch once, in an order that rotates. Writes benchmarks/out/per_submission_TOPIC.json. README.md says what is
measured, what is not, and how it is kept fair.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.contender import Contender, Unfit
from benchmarks.floor import Floor
from benchmarks.ours import Ours
from benchmarks.outcome import Batch, Outcome, disagreements, save, table
from benchmarks.plain_pytest import PlainPytest
from benchmarks.submissions import Handed, hand_in
from benchmarks.usage import PeakMemory
from grader.errors import GraderError

NAMES = ("ours", "floor", "pytest", "nbgrader", "otter")
MEMORY_SUBMISSIONS = 4
SUMMARY = "Seconds per submission: ours, and what a user would pick instead."


def make(name: str, topic: str, folder: Path) -> Contender:
    """A contender by name; peers are imported only when they take part."""
    if name == "nbgrader":
        from benchmarks.nbgrader_course import NbgraderCourse

        return NbgraderCourse(topic, folder)
    if name == "otter":
        from benchmarks.otter_zip import OtterZip

        return OtterZip(topic, folder)
    kinds: dict[str, Callable[[str, Path], Contender]] = {"ours": Ours, "floor": Floor, "pytest": PlainPytest}
    return kinds[name](topic, folder)


def comparable(ours: Ours, handed: Sequence[Handed]) -> list[Handed]:
    """The submissions that every contender can have a verdict on; the others are named."""
    ours.run(handed)
    left_out = ours.incomparable(handed)
    for each in left_out:
        print(f"left out: {each.variant} (our verdict has no counterpart elsewhere)", file=sys.stderr)
    return [each for each in handed if each not in left_out]


def run_batch(contender: Contender, handed: Sequence[Handed]) -> Batch:
    """One contender, one batch."""
    contender.prepare(handed)
    cpu, started = contender.cpu_seconds(), time.perf_counter()
    contender.run(handed)
    wall = time.perf_counter() - started
    cpu = contender.cpu_seconds() - cpu
    return Batch(wall_seconds=wall / len(handed), cpu_seconds=cpu / len(handed))


def check_agreement(contenders: Sequence[Contender], handed: Sequence[Handed]) -> None:
    """All contenders pass and fail the same tests of every submission. Raises Unfit with the differences."""
    verdicts = {contender.name: contender.verdicts(handed) for contender in contenders}
    differences = disagreements(verdicts, handed)
    if differences:
        raise Unfit("the verdicts differ, so the times mean nothing:\n" + "\n".join(differences[:20]))


def race(contenders: Sequence[Contender], handed: Sequence[Handed], repeats: int) -> dict[str, list[Batch]]:
    """Interleaved batches by contender; verdicts are compared after each repeat."""
    batches: dict[str, list[Batch]] = {contender.name: [] for contender in contenders}
    for repeat in range(repeats):
        shift = repeat % len(contenders)
        for contender in [*contenders[shift:], *contenders[:shift]]:
            print(f"repeat {repeat + 1} of {repeats}: {contender.name}", file=sys.stderr)
            batches[contender.name].append(run_batch(contender, handed))
        check_agreement(contenders, handed)
    return batches


def time_batches(
    contenders: Sequence[Contender], handed: Sequence[Handed], repeats: int
) -> tuple[list[Handed], dict[str, list[Batch]]]:
    """Start everybody, run the race on the comparable submissions, stop everybody."""
    started: list[Contender] = []
    try:
        for contender in contenders:
            contender.folder.mkdir(parents=True)
            contender.start()
            started.append(contender)
        ours = contenders[0]
        assert isinstance(ours, Ours)
        handed = comparable(ours, handed)
        for contender in contenders:  # warm caches for everybody
            run_batch(contender, handed[:1])
        return handed, race(contenders, handed, repeats)
    finally:
        for contender in started:
            contender.stop()


def measure_memory(name: str, topic: str, handed: Sequence[Handed], processors: set[int]) -> PeakMemory:
    """Peak memory of one contender alone, in a run that is not timed: sampling disturbs."""
    with tempfile.TemporaryDirectory() as folder, PeakMemory(processors) as memory:
        contender = make(name, topic, Path(folder))
        contender.start()
        try:
            contender.prepare(handed[:MEMORY_SUBMISSIONS])
            contender.run(handed[:MEMORY_SUBMISSIONS])
        finally:
            contender.stop()
    return memory


def benchmark(
    topic: str, names: Sequence[str], submissions: int, repeats: int, folder: Path
) -> list[Outcome]:
    """All outcomes, ours first. Raises Unfit or GraderError."""
    processors = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(processors)})
    contenders = [make(name, topic, folder / name) for name in names]
    handed, batches = time_batches(contenders, hand_in(topic, submissions, folder / "handed_in"), repeats)
    memory = {name: measure_memory(name, topic, handed, processors) for name in names}
    return [
        Outcome(
            name=contender.name,
            what=contender.what,
            submissions=len(handed),
            batches=batches[contender.name],
            peak_bytes=memory[contender.name].peak_bytes,
            memory_kind="PSS" if memory[contender.name].proportional else "RSS",
            start_seconds=getattr(contender, "start_seconds", 0.0),
        )
        for contender in contenders
    ]


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line; ours always takes part, it is what the others are compared with."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.per_submission", description=SUMMARY)
    parser.add_argument("--topic", default="transformer_blocks", help="a folder of autotests/")
    parser.add_argument("--submissions", type=int, default=20, help="size of the batch")
    parser.add_argument("--repeats", type=int, default=3, help="how often every contender grades the batch")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES, help="contenders beside ours")
    options = parser.parse_args(arguments)
    if options.submissions < 1 or options.repeats < 1:
        parser.error("--submissions and --repeats start at 1")
    options.only = ["ours", *(name for name in NAMES if name in options.only and name != "ours")]
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print the table, write the JSON. 1 when a contender is unfit or verdicts differ."""
    options = parse_arguments(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        try:
            outcomes = benchmark(
                options.topic, options.only, options.submissions, options.repeats, Path(folder)
            )
        except (Unfit, GraderError) as error:
            print(f"benchmark: {error}", file=sys.stderr)
            return 1
    print(table(options.topic, outcomes))
    print(f"\nwritten: {save(options.topic, outcomes)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
