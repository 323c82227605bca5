"""A large class with hostile submissions in it: who pays for them, and what do they leave behind?

    python -m benchmarks.overload [--submissions 1000] [--every 20] [--workers 2]

An honest class, and one of the same size in which every twentieth submission is hostile, of every kind in
turn (the corpus of tests/hostile, behind the whole wall), and every hundredth is the one that makes a test
keep the most, so that one hundred is as hard on the memory as another. Printed, and written to
benchmarks/out/overload.json: the time that an honest submission takes in either class, the memory of the
trusted side after submission 100 and after the last, when nothing is being judged, the most that one of its
processes has had until then, verdicts that are not the declared ones, and what is left behind. Exit code 1
where one of them is not as it should be.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.outcome import write
from benchmarks.usage import children, memory_bytes, peak_bytes, tree
from grader.judge.pool import judge_all, stop_judges
from grader.model.result import Result
from grader.model.submission import Submission
from tests.hostile.declared import Hostile, read_corpus
from tests.hostile.target import COURSE, SECRET, the_spec

EARLY = 100  # submissions: the classes take turns by the hundred
SLOWER, LARGER = 1.10, 1.05  # the most that hostile neighbours, and 900 more submissions, may cost
HEAVIEST = "forged/callbacks_of_megabytes"  # for our memory: its test keeps all that it is sent
STRIDE = 41  # through the corpus, which is sorted by kind: no kind is left out


@dataclass(kw_only=True)
class Class:
    """One run over a class. Memory is that of `grade` and its judges, without students' processes."""

    name: str
    honest_seconds: list[float] = field(default_factory=list)
    early_bytes: int = 0  # after submission EARLY, all judges idle
    late_bytes: int = 0  # after the last
    early_peak_bytes: int = 0  # of the largest process, until submission EARLY
    late_peak_bytes: int = 0  # ... until the last
    wrong_verdicts: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def per_honest(self) -> float:
        """Median seconds of an honest submission, from its first test to its last."""
        return median(self.honest_seconds)


@dataclass(frozen=True, kw_only=True)
class Left:
    """What this machine holds of ours: compared before and after."""

    processes: int
    threads: int
    descriptors: int
    files: tuple[str, ...]
    groups: tuple[str, ...]

    @classmethod
    def now(cls) -> Left:
        """Counted, not remembered."""
        places = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))
        groups = sorted(str(path) for path in Path("/sys/fs/cgroup").rglob(f"grader-{os.getpid()}-*"))
        return cls(
            processes=len(tree(os.getpid())),
            threads=threading.active_count(),
            descriptors=len(os.listdir("/proc/self/fd")),
            files=tuple(sorted(str(path) for place in places for path in place.iterdir() if _is_ours(path))),
            groups=tuple(groups),
        )


def _is_ours(path: Path) -> bool:
    return path.name.startswith(("hostile", "grader", "tmp"))


def submissions(
    size: int, hostile: Sequence[Hostile], every: int
) -> Iterator[tuple[Submission, Hostile | None]]:
    """Honest ones that differ by a comment; every `every`th is a hostile one."""
    reference = (COURSE / "solutions/target/target.py").read_bytes()
    [heaviest] = [attack for attack in hostile if attack.name == HEAVIEST]
    turns = itertools.count(step=STRIDE)
    for number in range(size):
        attack = None
        if every and number % EARLY == EARLY - 1:
            attack = heaviest
        elif every and number % every == every - 1:
            attack = hostile[next(turns) % len(hostile)]
        source = reference + b"\n# submission %d\n" % number if attack is None else attack.source
        yield Submission(topic="target", name=f"{number}", files={"target.py": source}), attack


def run(size: int, hostile: Sequence[Hostile], every: int, workers: int) -> tuple[Class, Class]:
    """Judge an honest and a mixed class, a hundred of the one and a hundred of the other in turn: a machine
    is not as fast at all times."""
    honest, mixed = Class(name="honest"), Class(name="mixed")
    hundreds = (zip(*[iter(submissions(size, hostile, each))] * EARLY, strict=True) for each in (0, every))
    for pair in zip(*hundreds, strict=True):
        for seen, hundred in zip((honest, mixed), pair, strict=True):
            judge(seen, hundred, workers)
    stop_judges()
    return honest, mixed


def judge(seen: Class, hundred: Sequence[tuple[Submission, Hostile | None]], workers: int) -> None:
    """Judge them as `grade` does, and watch."""
    started = time.perf_counter()
    attacks = {submission.name: attack for submission, attack in hundred}
    handed = [submission for submission, _ in hundred]
    for submission, result in judge_all(the_spec(), handed, SECRET, workers=workers):
        note(seen, attacks[submission.name], result)
    seen.seconds += time.perf_counter() - started
    seen.late_bytes = sum(memory_bytes(pid)[0] for pid in trusted())
    seen.late_peak_bytes = max(peak_bytes(pid) for pid in trusted())
    seen.early_bytes = seen.early_bytes or seen.late_bytes
    seen.early_peak_bytes = seen.early_peak_bytes or seen.late_peak_bytes


def note(seen: Class, attack: Hostile | None, result: Result) -> None:
    """An honest one: its time, and full marks. A hostile one: the verdicts that it declares."""
    if attack is None:
        seen.honest_seconds.append(result.seconds)
        if result.score != result.max_score:
            seen.wrong_verdicts.append(f"honest: {result.score} of {result.max_score}")
    elif {test.test.label: test.verdict for test in result.tests} != attack.expected:
        seen.wrong_verdicts.append(attack.name)


def trusted() -> tuple[int, ...]:
    """This process and its judges."""
    return (os.getpid(), *children(os.getpid()))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run both classes, print, write, judge."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.overload", description="A class under attack."
    )
    parser.add_argument("--submissions", type=int, default=1000, help="size of each class, whole hundreds")
    parser.add_argument("--every", type=int, default=20, help="every how manyth submission is hostile")
    parser.add_argument("--workers", type=int, default=2, help="judges at once")
    options = parser.parse_args(arguments)
    if options.submissions < 2 * EARLY or options.submissions % EARLY:
        parser.error(f"--submissions must be {2 * EARLY} or more, in whole hundreds")
    before, corpus = Left.now(), read_corpus()
    honest, mixed = run(options.submissions, corpus, options.every, options.workers)
    left = Left.now()
    slower = mixed.per_honest / honest.per_honest
    larger = mixed.late_bytes / mixed.early_bytes
    higher = mixed.late_peak_bytes / mixed.early_peak_bytes
    wrong = honest.wrong_verdicts + mixed.wrong_verdicts
    for each in (honest, mixed):
        print(
            f"{each.name:6} class: {options.submissions} submissions in {each.seconds:.1f} s,"
            f" an honest one takes {1000 * each.per_honest:.1f} ms"
        )
    print(
        f"an honest submission among hostile ones takes {slower:.3f} of the time it takes among honest ones"
    )
    print(
        f"trusted side at rest: {mixed.early_bytes / 2**20:.0f} MB after {EARLY},"
        f" {mixed.late_bytes / 2**20:.0f} MB at the end, a factor of {larger:.3f}; the most that one of its"
        f" processes has had: {mixed.early_peak_bytes / 2**20:.0f} and"
        f" {mixed.late_peak_bytes / 2**20:.0f} MB, a factor of {higher:.3f}"
    )
    print(f"results that are not the declared ones: {len(wrong)} {wrong[:5]}")
    print(f"left behind: {'nothing' if left == before else f'{before} became {left}'}")
    facts = {
        "slower": slower,
        "larger": larger,
        "higher": higher,
        "wrong": wrong,
        "left": asdict(left),
        "before": asdict(before),
    }
    print(f"written: {write('overload', {'options': vars(options), **facts})}")
    too_much = max(larger, higher) > LARGER
    return int(slower > SLOWER or too_much or bool(wrong) or left != before)


if __name__ == "__main__":
    sys.exit(main())
