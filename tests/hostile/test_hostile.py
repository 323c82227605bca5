"""The hostile corpus: every submission has the outcome that it declares, and nothing it did not earn."""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import random
import resource
import select
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from grader.judge import pool
from grader.judge.engine import Engine
from grader.judge.spec import JudgeSpec
from grader.model.result import Result
from grader.model.submission import Submission
from grader.model.verdict import Verdict
from grader.sandbox import namespaces
from tests.hostile.conftest import judge, start_behind_the_wall
from tests.hostile.declared import Hostile, read_corpus
from tests.hostile.processes import assert_gone, descendants
from tests.hostile.target import COURSE, SECRET

CORPUS = read_corpus()
REFERENCE = (COURSE / "solutions/target/target.py").read_bytes()
FULL_MARKS = 10
CONTROL_EVERY = 10
# Whatever a hostile file reads of ours or finds open, it prints with the first word, or prints a canary.
NEVER_SEEN = ("BREACH", "canary-of-the-")
LEAVERS = ("exit/", "leftovers/", "network/", "resources/disk", "resources/shared", "resources/spinning")
LONG = (
    *("forged/handle_flood", "forged/raised_with_lists", "forged/unsendable_text", "lies/list_endless"),
    *("replies/colliding_keys", "replies/forged_colliding_keys", "replies/huge_list", "replies/huge_array"),
    *("import_time/names_without_number", "resources/recursion_unlimited", "source/dotted_names"),
)
_judged = itertools.count(1)


def told(hostile: Hostile, result: Result) -> None:
    """The verdicts are the declared ones, the points the earned ones, and every message says something."""
    verdicts = {test.test.label: test.verdict for test in result.tests}
    assert verdicts == hostile.expected, [f"{t.test.label}: {t.message} {t.evidence}" for t in result.tests]
    earned = sum(test.test.points for test in result.tests if test.test.label in hostile.earned)
    assert result.score == earned
    for test in result.tests:
        assert test.message or test.verdict is Verdict.PASSED
        assert len(test.message) <= 2000
        f"{test.message}{test.evidence}{test.output}".encode()  # what no file could hold would raise
        assert bool(test.evidence) == (test.test.label in hostile.reviewed or not test.points)
        assert not [mark for mark in NEVER_SEEN if mark in test.message + test.output]


def control(engine: Engine) -> None:
    """An honest submission beside hostile ones has full marks."""
    assert judge(engine, REFERENCE, "reference").score == FULL_MARKS


@pytest.mark.parametrize("hostile", CORPUS, ids=lambda hostile: hostile.name)
def test_as_declared(hostile: Hostile, engine: Engine) -> None:
    """In the order of their names, with one judge for all, and an honest control after every tenth."""
    told(hostile, judge(engine, hostile.source, hostile.name))
    if next(_judged) % CONTROL_EVERY == 0 or hostile is CORPUS[-1]:
        control(engine)


def test_neither_order_nor_workers_matter(spec: JudgeSpec) -> None:
    """The judges of one pool: the same verdicts, whoever was judged before, or is judged beside.

    Two judges on a busy machine are slow, so that what waits for deadlines or computes for long is left out,
    and each order has half of the rest. With GRADER_WHOLE_CORPUS, as in `make soak`, every order has all
    of the corpus under one worker and under two.
    """
    whole = bool(os.environ.get("GRADER_WHOLE_CORPUS"))
    corpus = [hostile for hostile in CORPUS if whole or not (hostile.waits or hostile.name in LONG)]
    shuffled = random.Random(20).sample(corpus, len(corpus))
    if whole:
        runs = [(order, workers) for order in (corpus, corpus[::-1], shuffled) for workers in (1, 2)]
    else:
        half = len(corpus) // 2
        runs = [(corpus[::-1][:half], 2), (shuffled[-half:], 2)]
    proven = Engine(spec)
    start_behind_the_wall(proven)
    proven.stop()
    try:
        for order, workers in runs:
            judge_by_pool(spec, order, workers)
    finally:
        pool.stop_judges()


def judge_by_pool(spec: JudgeSpec, order: Sequence[Hostile], workers: int) -> None:
    """A run as `grade` makes it, with a control after every tenth."""
    handed: dict[str, Hostile | None] = {}
    for number, hostile in enumerate(order, 1):
        handed[hostile.name] = hostile
        if number % CONTROL_EVERY == 0:
            handed[f"control {number}"] = None
    submissions = [
        Submission(topic="target", name=name, files={"target.py": hostile.source if hostile else REFERENCE})
        for name, hostile in handed.items()
    ]
    for submission, result in pool.judge_all(spec, submissions, SECRET, workers=workers):
        hostile = handed[submission.name]
        if hostile is None:
            assert result.score == FULL_MARKS
        else:
            told(hostile, result)


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder for everything that a judge started here puts into one."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield tmp_path
    tempfile.tempdir = None


def test_nothing_is_left(spec: JudgeSpec, own_folder: Path) -> None:
    """No process, file, shared memory, and no descriptor, after a few hundred processes of hostile code."""
    leavers = [hostile for hostile in CORPUS if not hostile.waits and hostile.name.startswith(LEAVERS)]
    before, engine = len(os.listdir("/proc/self/fd")), Engine(spec)
    with few_descriptors(256):  # one that leaked with each process would be missed long before the end
        start_behind_the_wall(engine)
    for hostile in leavers * 2:
        told(hostile, judge(engine, hostile.source, hostile.name))
    control(engine)
    assert engine._process is not None
    family = descendants(engine._process.pid)
    waiting = namespaces.missing() is None  # for the fork server, outside its namespaces
    assert len(family) == 2 + waiting, "the judge and its fork server, no student"
    engine.stop()
    assert_gone(family)
    assert os.listdir(own_folder) == []
    assert len(os.listdir("/proc/self/fd")) == before
    assert not [
        path for place in ("/tmp", "/var/tmp", "/dev/shm", "/") for path in Path(place).glob("hostile*")
    ]
    for kind in ("shm", "sem", "msg"):
        keys = [line.split()[0] for line in Path(f"/proc/sysvipc/{kind}").read_text().splitlines()[1:]]
        assert str(0x6772) not in keys


CALLS = """
import contextlib
import socket

def call(kind, family, address):
    with contextlib.suppress(OSError), socket.socket(family, kind) as line:
        line.settimeout(0.2)
        line.connect(address)
        line.send(b"a secret")
        print("BREACH called", address)

def entropy(p):
    call(socket.SOCK_STREAM, socket.AF_INET, ("127.0.0.1", {tcp}))
    call(socket.SOCK_DGRAM, socket.AF_INET, ("127.0.0.1", {udp}))
    call(socket.SOCK_STREAM, socket.AF_UNIX, "\\0{name}")
    return 0.0
"""


def test_nobody_is_called(engine: Engine) -> None:
    """Listeners on this machine, by TCP, UDP and an abstract name, hear nothing of a student."""
    name = f"grader-{os.getpid()}"
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(type=socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX) as unix,
    ):
        udp.bind(("127.0.0.1", 0))
        unix.bind(f"\0{name}")
        unix.listen()
        listeners = (tcp, udp, unix)
        source = CALLS.format(tcp=tcp.getsockname()[1], udp=udp.getsockname()[1], name=name)
        result = judge(engine, source.encode(), "calls")
        assert {test.test.label: test.verdict for test in result.tests}["t02"] is Verdict.WRONG
        assert not any("BREACH" in test.output for test in result.tests)
        assert select.select(listeners, [], [], 0)[0] == []
        with contextlib.redirect_stdout(io.StringIO()):
            exec(source + "entropy(None)", {})  # the control: from here they are reached
        assert len(select.select(listeners, [], [], 1)[0]) == len(listeners)


def test_the_judge_does_not_grow(engine: Engine) -> None:
    """Megabytes that a submission returns are let go with its test, not at some garbage collection."""
    large = next(hostile for hostile in CORPUS if hostile.name == "replies/large_array")
    told(large, judge(engine, large.source, large.name))
    before = resident_kilobytes(engine)
    for _ in range(5):
        told(large, judge(engine, large.source, large.name))
    assert resident_kilobytes(engine) - before < 20_000


def resident_kilobytes(engine: Engine) -> int:
    """Memory of the judge process."""
    assert engine._process is not None
    status = Path(f"/proc/{engine._process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def test_a_killed_judge_takes_everybody_along(spec: JudgeSpec) -> None:
    """The judge is killed while a student sleeps: nobody is left, and a new judge gives the same verdicts."""
    sleeper = next(hostile for hostile in CORPUS if hostile.name == "resources/sleep")
    engine = Engine(spec)
    start_behind_the_wall(engine)
    control(engine)
    assert engine._process is not None
    victim, families = engine._process.pid, list[set[int]]()

    def kill() -> None:
        time.sleep(0.5)  # long enough for the second test, which sleeps, to have begun
        families.append(descendants(victim))
        os.kill(victim, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    result = judge(engine, sleeper.source, sleeper.name)
    killer.join()
    assert engine._process is not None
    assert engine._process.pid != victim
    assert len(families[0]) > 2, "the judge, its fork server and students"
    assert_gone(families[0])
    told(sleeper, result)
    engine.stop()


class few_descriptors:
    """A block in which processes are started with so many descriptors and no more."""

    def __init__(self, limit: int) -> None:
        self._limit = limit

    def __enter__(self) -> None:
        self._before = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (self._limit, self._before[1]))

    def __exit__(self, *_: object) -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, self._before)
