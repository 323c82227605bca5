"""Time, memory, output, crashes: what each costs, and that nothing outlives it."""

from __future__ import annotations

import os
import textwrap
import time
from typing import Any

import pytest

from grader.judge.bench import load_message
from grader.judge.child import Child
from grader.judge.faults import MachineFault, StudentFault
from grader.judge.forkserver import Ended, ForkServer
from grader.model.verdict import Verdict
from tests.judge.submitting import assignment, child_of, submitted


def fault_of(server: ForkServer, source: str, **limits: float) -> StudentFault:
    """What `student.f()` ends in; the conversation must be over then."""
    with submitted(server, source, **limits) as student:
        with pytest.raises(StudentFault) as caught:
            student.f()
        with pytest.raises(StudentFault) as again:
            student.f()
        assert again.value is caught.value
    return caught.value


def test_a_call_that_does_not_end(server: ForkServer) -> None:
    """Given up at the deadline of a call; so is every later one, at once."""
    started = time.monotonic()
    fault = fault_of(server, "def f():\n    while True: pass", call_seconds=0.3)
    assert (fault.verdict, str(fault)) == (Verdict.TIMED_OUT, "took longer than 0.3 seconds")
    assert time.monotonic() - started < 5


def test_a_call_that_sleeps(server: ForkServer) -> None:
    """Waiting counts too, whatever it does with signals."""
    source = """
    import signal, time
    def f():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(60)
    """
    assert fault_of(server, source, call_seconds=0.3).verdict is Verdict.TIMED_OUT


def test_a_test_of_many_calls(server: ForkServer) -> None:
    """Each within its deadline, all of them beyond the test's."""
    source = "import time\ndef f(): time.sleep(0.2)"
    with submitted(server, source, call_seconds=10, test_seconds=0.5) as student:
        student.f()
        student.f()
        with pytest.raises(StudentFault) as caught:
            student.f()
    assert caught.value.verdict is Verdict.TIMED_OUT


def test_processor_time(server: ForkServer) -> None:
    """Threads may burn more of it than the clock shows; the kernel ends the process."""
    source = """
    import threading
    def burn():
        while True: pass
    for _ in range(3): threading.Thread(target=burn, daemon=True).start()
    def f(): burn()
    """
    fault = fault_of(server, source, call_seconds=20, test_seconds=1)
    assert fault.verdict is Verdict.TIMED_OUT


def test_an_import_that_does_not_end(server: ForkServer) -> None:
    """The deadline of a call holds for the import."""
    with (
        child_of(server, "while True: pass", call_seconds=0.3) as child,
        pytest.raises(StudentFault) as caught,
    ):
        child.open()
    assert caught.value.verdict is Verdict.TIMED_OUT


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import os\ndef f(): os._exit(3)", "the process ended itself with exit code 3"),
        ("import os\ndef f(): os._exit(0)", "the process ended itself with exit code 0"),
        ("import os\ndef f(): os.abort()", "the process was ended by SIG"),
        ("import ctypes\ndef f(): ctypes.string_at(0)", "the process was ended by SIGSEGV"),
        ("import os\ndef f(): os.close(3); os._exit(4)", "closed its connection to the judge"),
        (
            "import os, time\ndef f():\n    os.close(3)\n    time.sleep(60)",
            "closed its connection to the judge",
        ),
    ],
)
def test_crashes(server: ForkServer, source: str, message: str) -> None:
    """How the process ended, in words for a student."""
    fault = fault_of(server, source)
    assert fault.verdict is Verdict.CRASHED
    assert str(fault).startswith((message, "the process ended itself with exit code 4"))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (0, "the process ended itself with exit code 0"),
        (70 << 8, "the process ended itself with exit code 70"),
        (71 << 8, "the process had no memory left"),
        (9, "closed its connection to the judge"),
        (11, "the process was ended by SIGSEGV"),
        (11 | 128, "the process was ended by SIGSEGV"),
        (40, "the process was ended by signal 40"),
    ],
)
def test_endings_in_words(status: int, words: str) -> None:
    """From the kernel's status."""
    assert Ended(status=status, cpu_seconds=0, peak_kilobytes=0).in_words() == words


def test_memory(server: ForkServer) -> None:
    """A MemoryError over there, which honest code may even catch."""
    source = """
    def f(): return len(bytearray(2**29))
    def careful():
        try:
            f()
        except MemoryError:
            return "caught"
    """
    with submitted(server, source, memory_mb=128) as student:
        with pytest.raises(MemoryError) as caught:
            student.f()
        assert caught.value.verdict is Verdict.OUT_OF_MEMORY  # type: ignore[attr-defined]  # a StudentFault too
        assert student.careful() == "caught"


@pytest.mark.parametrize("where", ["call", "module"])
@pytest.mark.parametrize("size", [2**20, 2**12, 2**9, 2**5])
def test_memory_to_the_last_byte(server: ForkServer, where: str, size: int) -> None:
    """Whether there is enough left to say so with or not, in this call and in the next."""
    source = f"""
    kept = []
    def f():
        held = {"[]" if where == "call" else "kept"}
        for size in (2**20, 2**16, 2**12, 2**9, 2**5):
            try:
                while size >= {size}: held.append(bytes(size))
            except MemoryError:
                pass
        while True: held.append(bytes({size}))
    """
    with submitted(server, source, memory_mb=64, call_seconds=60) as student:
        for _ in range(2):
            with pytest.raises(StudentFault) as caught:
                student.f()
            assert caught.value.verdict is Verdict.OUT_OF_MEMORY


def test_threads_reserve_more_than_they_use(server: ForkServer) -> None:
    """Sixteen stacks and arenas are addresses, not memory."""
    source = """
    import threading
    def f():
        held, gate = [], threading.Barrier(17)
        def work():
            held.append(bytearray(10**6))
            gate.wait()
        threads = [threading.Thread(target=work) for _ in range(16)]
        for thread in threads: thread.start()
        gate.wait()
        for thread in threads: thread.join()
        return len(held)
    """
    with submitted(server, source, memory_mb=256) as student:
        assert student.f() == 16


def test_shared_memory_counts_too(server: ForkServer) -> None:
    """An anonymous shared mapping is bounded with the address space."""
    source = "import mmap\ndef f(): return len(mmap.mmap(-1, 2**31))"
    with submitted(server, source, memory_mb=256) as student, pytest.raises(OSError, match="allocate memory"):
        student.f()


def test_recursion(server: ForkServer) -> None:
    """Python's own limit, before any of ours."""
    with submitted(server, "def f(): f()") as student, pytest.raises(RecursionError):
        student.f()


def printed_by(server: ForkServer, source: str, **limits: Any) -> str:
    """What a process had printed by the time `f()` had returned."""
    task = assignment(**limits)
    child = Child(server, task, load_message(task, {"task.py": textwrap.dedent(source).encode()}))
    try:
        child.open()
        assert child.call(None, "f", (), {}) == 5
    finally:
        printed = child.end()
    return printed


def test_what_is_printed(server: ForkServer) -> None:
    """Kept, from Python and from C, in whatever encoding; it decides nothing."""
    source = r"""
    import os, sys
    print("at import")
    def f():
        print("out", "\ud800")
        print("err", file=sys.stderr)
        os.write(1, b"\xff raw\n")
        return 5
    """
    lines = printed_by(server, source).splitlines()
    assert sorted(lines) == sorted(["at import", r"out \ud800", "err", r"\xff raw"])


def test_output_beyond_the_cap(server: ForkServer) -> None:
    """The beginning is kept, the rest is counted."""
    printed = printed_by(server, "def f():\n    print('x' * 5000)\n    return 5", output_kb=1)
    assert printed == "x" * 1024 + "\n[3977 more bytes were not kept]"


def test_a_flood_of_output(server: ForkServer) -> None:
    """Ends the process, long before a disk or a memory is full."""
    fault = fault_of(server, "def f():\n    while True: print('x' * 10000)")
    assert (fault.verdict, str(fault)) == (Verdict.OUTPUT_LIMIT, "printed more than 8 MiB")


def test_reading_input_meets_its_end(server: ForkServer) -> None:
    """`input()` does not wait for anyone."""
    with submitted(server, "def f(): return input()") as student, pytest.raises(EOFError):
        student.f()


def test_nothing_of_one_child_reaches_the_next(server: ForkServer) -> None:
    """Neither memory nor modules nor the random state."""
    source = """
    import random, sys, math
    math.left_behind = getattr(math, "left_behind", 0) + 1
    def f(): return math.left_behind, random.random()
    """
    seen = []
    for _ in range(2):
        with submitted(server, source) as student:
            seen.append(student.f())
    assert seen[0][0] == seen[1][0] == 1


def test_the_environment_is_scrubbed(server: ForkServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the grader's reaches a student, and no open descriptor but its own four."""
    source = """
    import os
    def names(): return sorted(os.environ)
    def descriptors():
        found = []
        for number in range(256):
            try:
                os.fstat(number)
                found.append(number)
            except OSError:
                pass
        return found
    """
    monkeypatch.setenv("GRADER_SECRET", "31415")
    with submitted(server, source) as student:
        assert "GRADER_SECRET" not in student.names()
        assert "HOME" in student.names()
        assert student.descriptors() == [0, 1, 2, 3]


def test_a_fork_server_that_cannot_start() -> None:
    """Its own reason."""
    with pytest.raises(MachineFault, match="no_such_library"):
        ForkServer(("no_such_library",), "required").start()


def test_a_fork_server_that_dies() -> None:
    """Every child dies with it, and whoever asks is told; it can be started again."""
    server = ForkServer(("numpy",), "required")
    server.start()
    child = Child(
        server, assignment(), load_message(assignment(), {"task.py": b"import time\ndef f(): time.sleep(60)"})
    )
    child.open()
    assert server._process is not None
    server._process.kill()
    server._process.wait()
    with pytest.raises(MachineFault, match="the fork server"):
        child.call(None, "f", (), {})
    with pytest.raises(MachineFault, match="the fork server has gone"):
        server.spawn()
    with pytest.raises(MachineFault, match="the fork server has gone"):
        child.end()
    server.start()
    with submitted(server, "def f(): return 1") as other:
        assert other.f() == 1
    server.stop()


def test_a_stopped_fork_server_leaves_no_process() -> None:
    """Neither itself nor its children."""
    server = ForkServer(("numpy",), "required")
    server.start()
    assert server._process is not None
    pid = server._process.pid
    _, sock, output = server.spawn()
    server.stop()
    sock.close()
    os.close(output)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
