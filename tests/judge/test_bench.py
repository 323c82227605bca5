"""A submission is compiled once, in a process of its own, and every test's process gets the code."""

from __future__ import annotations

import marshal
from types import CodeType

import pytest

from grader.judge.bench import Bench, compile_message
from grader.judge.child import Child
from grader.judge.faults import StudentFault
from grader.judge.forkserver import ForkServer
from grader.judge.student import Student
from grader.model.assignment import Ban
from grader.model.verdict import Verdict
from grader.wire.messages import Confined, Loaded
from tests.judge.submitting import WALL, FakeServer, Peer, assignment


def test_what_compiles_and_what_does_not(server: ForkServer) -> None:
    """The code of each module; a module with a mistake, or that is none, is left out."""
    files = {"task.py": b"print('never run')\nx = 5\n", "broken.py": b"def f(:", "notes.txt": b"x = 1"}
    child = Child(server, assignment(), compile_message(assignment(), files))
    compiled = child.compile()
    assert child.end() == ""
    assert set(compiled.code) == {"task"}
    assert isinstance(marshal.loads(compiled.code["task"]), CodeType)


def test_banned_names_are_found_without_running_anything(server: ForkServer) -> None:
    """Also in a module that ends its process when it is imported."""
    task = assignment(banned=(Ban(name="os._exit"), Ban(name="torch")))
    bench = Bench(server, task)
    bench.seat({"task.py": b"import os\nos._exit(3)\n"})
    assert bench.banned() == ["os._exit"]


def test_each_test_s_process_runs_the_compiled_code(server: ForkServer) -> None:
    """The traceback still shows the student's line."""
    bench = Bench(server, assignment())
    bench.seat({"task.py": b"def f(n):\n    return 1 / n\n"})
    child = bench.take(fork_ahead=False)
    child.open()
    with pytest.raises(ZeroDivisionError) as caught:
        Student(child).f(0)
    child.end()
    assert "line 2, in f\n    return 1 / n" in caught.value.evidence  # type: ignore[attr-defined]


def test_a_source_that_cannot_be_gone_through() -> None:
    """Tried twice, and then known: the fault is the student's."""
    tried = []

    def script(peer: Peer) -> None:
        tried.append(peer.receive())
        peer.send(Confined(WALL))
        peer.send(Loaded({}))

    bench = Bench(FakeServer(script), assignment())  # type: ignore[arg-type]  # a fake
    bench.seat({"task.py": b""})
    for _ in range(3):
        with pytest.raises(StudentFault, match="answered before it was asked") as caught:
            bench.banned()
    assert caught.value.verdict is Verdict.BAD_REPLY
    assert len(tried) == 2
