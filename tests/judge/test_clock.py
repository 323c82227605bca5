"""The machine's slowness is nobody's fault: deadlines do not count it, and nobody can make use of that."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.judge.clock import Clock, seconds_kept_waiting
from grader.judge.engine import Engine
from grader.judge.faults import StudentFault
from grader.judge.forkserver import ForkServer
from grader.model.verdict import Verdict
from tests.judge.submitting import submitted
from tests.judge.topics import make_topic, submission, verdicts

SPIN, SLEEP = "while True: pass", "import time; time.sleep(60)"


@contextlib.contextmanager
def running(*sources: str) -> Iterator[list[int]]:
    """Processes of these programs."""
    processes = [subprocess.Popen([sys.executable, "-S", "-c", source]) for source in sources]
    try:
        yield [process.pid for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.fixture
def one_processor() -> Iterator[None]:
    """All that this process starts is on one processor."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    yield
    os.sched_setaffinity(0, before)


@pytest.mark.usefixtures("one_processor")
def test_a_process_that_waits_for_a_processor() -> None:
    """Three that spin on one processor have a third of the time each."""
    clock = Clock()
    with running(SPIN, SPIN, SPIN) as (process, *_):
        clock.follow(process)
        started, began = time.monotonic(), clock.now()
        time.sleep(1.5)
        assert clock.now() - began > 1.4  # not looked up yet
        assert clock.left(began + 0.5) > 0
        assert clock.now() - began < 0.5
        assert time.monotonic() - started < 3
        time.sleep(0.6)
        before = clock.now()
        assert clock.settle() > 0.5
        assert clock.now() <= before


@pytest.mark.usefixtures("one_processor")
def test_judge_and_student_that_wait_at_once() -> None:
    """With a third of a processor for each of three, the clock goes at a third of its pace."""
    clock = Clock()
    with running(SPIN, SPIN) as (process, _):
        clock.follow(process)
        time.sleep(0.3)  # they have begun
        clock.catch_up()
        began, end = clock.now(), time.monotonic() + 1.5
        while time.monotonic() < end:
            pass
        clock.catch_up()
        assert 0.15 < clock.now() - began < 1.2


def test_a_process_that_sleeps() -> None:
    """It waits for nobody but itself."""
    clock = Clock()
    with running(SLEEP) as (process,):
        clock.follow(process)
        time.sleep(1.0)
        clock.catch_up()
        began = clock.now()
        time.sleep(0.7)
        assert clock.left(began + 0.5) <= 0


def test_a_process_that_is_not_there() -> None:
    """Nothing is told of it, and the clock is one like any other."""
    clock = Clock()
    clock.follow(2**22 + 1)
    deadline = clock.now() + 0.05
    time.sleep(0.1)
    assert clock.catch_up() < 0.1
    assert clock.left(deadline - 1.0) < 0


def test_a_short_life_is_not_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of tests a second need not know."""
    clock = Clock()
    monkeypatch.setattr(clock, "catch_up", lambda: pytest.fail("looked up"))
    assert clock.settle() == 0.0


def test_figures_that_are_none(tmp_path: Path) -> None:
    """A kernel that says nothing, or something else."""
    for name, text in {"a": "", "b": "1 x 3", "c": "5"}.items():
        (tmp_path / name).write_text(text)
    assert seconds_kept_waiting([tmp_path / name for name in "abcd"]) == 0.0
    (tmp_path / "e").write_text("1 2500000000 3")
    assert seconds_kept_waiting([tmp_path / name for name in "aeb"]) == 2.5


@pytest.mark.usefixtures("one_processor")
def test_an_overloaded_machine_costs_no_test() -> None:
    """A call of 0.2 s of work has 0.4 s, and takes more on a processor that four others keep busy."""
    source = """
    import time
    def work():
        end = time.process_time() + 0.2
        while time.process_time() < end: pass
        return True
    def sleep(): time.sleep(60)
    def spin():
        while True: pass
    """
    server = ForkServer(["numpy"], "auto")
    server.start()
    try:
        with running(SPIN, SPIN, SPIN, SPIN):
            with submitted(server, source, call_seconds=0.4) as student:
                started = time.monotonic()
                assert student.work()
                assert time.monotonic() - started > 0.4
            for never_ends in ("sleep", "spin"):
                with submitted(server, source, call_seconds=0.4) as student:
                    started = time.monotonic()
                    with pytest.raises(StudentFault) as caught:
                        getattr(student, never_ends)()
                    assert caught.value.verdict is Verdict.TIMED_OUT
                    assert str(caught.value) == "took longer than 0.4 seconds"
                    assert time.monotonic() - started < 30
    finally:
        server.stop()


@pytest.mark.usefixtures("one_processor")
def test_an_overloaded_machine_costs_no_submission(tmp_path: Path) -> None:
    """Two tests of 0.6 s of work each, of 1.5 s in all, on a processor that three others keep busy."""
    tests = """
    import pytest

    @pytest.mark.points(3)
    def test_t01_one(student):
        assert student.work(1) == 1

    @pytest.mark.points(3)
    def test_t02_other(student):
        assert student.work(2) == 2
    """
    reference = "def work(n): return n"
    slow = """
    import time
    def work(n):
        end = time.process_time() + 0.6
        while time.process_time() < end: pass
        return n
    """
    engine = Engine(make_topic(tmp_path, tests, reference, limits={"submission_seconds": 1.5}))
    engine.start()
    try:
        with running(SPIN, SPIN, SPIN):
            started = time.monotonic()
            result = engine.judge(submission(textwrap.dedent(slow), on_top_of=""), "secret")
            assert time.monotonic() - started > 3.0
    finally:
        engine.stop()
    assert verdicts(result) == {"t01": "PASSED", "t02": "PASSED"}
