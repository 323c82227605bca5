"""Broken tests, a broken reference, a failing machine: nothing is graded by mistake, nothing is lost."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import InputError, MachineError
from grader.judge import engine as engine_module
from grader.judge.engine import Engine
from grader.model.result import Result
from tests.judge.topics import TESTS, make_topic, message, submission, verdicts

# What the submission says decides what befalls the judge itself.
FRAGILE = """
import os, time
import pytest

@pytest.mark.points(1)
def test_t01_first(student):
    '''The first.'''
    assert student.double(2) == 4

@pytest.mark.points(1)
def test_t02_fragile(student):
    '''The fragile one.'''
    mode = student.mode
    if mode == "die":
        os._exit(3)
    if mode == "hang":
        time.sleep(600)
    if mode == "raise":
        raise RuntimeError("of my own")
    if mode == "skip":
        pytest.skip("not today")
    if mode == "exit":
        raise SystemExit(0)
    if mode == "interrupt":
        raise KeyboardInterrupt
    if mode == "unsendable":
        student.double(object())

@pytest.mark.points(1)
def test_t03_last(student):
    '''The last.'''
    assert student.double(3) == 6
"""
CALM = "mode = 'calm'\ndef double(x): return 2 * x\n"
SLOW = "import time\nmode = 'calm'\ndef double(x):\n    time.sleep(0.7)\n    return 2 * x\n"
ALL = {"t01": "PASSED", "t02": "PASSED", "t03": "PASSED"}


def refused(spec: object) -> str:
    """Why nothing is graded."""
    engine = Engine(spec)  # type: ignore[arg-type]  # a JudgeSpec
    try:
        with pytest.raises(InputError) as caught:
            engine.judge(submission(""), "secret")
        assert engine._process is None
    finally:
        engine.stop()
    return str(caught.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tests": "def test_x(:\n"}, "SyntaxError"),
        ({"tests": "import no_such_module\n"}, "No module named 'no_such_module'"),
        ({"tests": "x = 1\n"}, "no tests in "),
        ({"tests": TESTS + "\ndef test_t09_odd(no_such_fixture): pass\n"}, "no_such_fixture"),
        (
            {"tests": TESTS.replace("== 7", "== 8")},
            "pair(int): the two do not add up to 7",
        ),
        (
            {"reference": "import no_such_module\n"},
            "cannot be imported: ModuleNotFoundError: No module named",
        ),
        (
            {"reference": "def double(x): return 2 * x\n"},
            "does not earn full marks: MISSING in test_t02_pair",
        ),
    ],
    ids=["syntax", "import", "empty", "fixture", "canary", "reference", "unfinished reference"],
)
def test_nothing_is_graded(tmp_path: Path, changes: dict[str, str], words: str) -> None:
    """Broken tests, no tests, a reference that loses a point: said before any student is judged."""
    said = refused(make_topic(tmp_path, **changes))
    assert words in said
    assert str(tmp_path / "autotests" / "task") in said
    assert "Nothing was graded" in said


def test_a_missing_reference(tmp_path: Path) -> None:
    """Said by its path."""
    spec = make_topic(tmp_path)
    assert spec.reference is not None
    spec.reference.unlink()
    assert str(spec.reference) in refused(spec)


def test_a_library_that_is_not_there(tmp_path: Path) -> None:
    """The machine's fault, and what to do next."""
    engine = Engine(make_topic(tmp_path, libraries=("no_such_library",)))
    with pytest.raises(MachineError) as caught:
        engine.start()
    engine.stop()
    assert "no_such_library" in str(caught.value)
    assert "Nothing was graded. `grader doctor` says what is missing." in str(caught.value)


def test_a_judge_that_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python that cannot run it, say."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    engine = Engine(make_topic(tmp_path))
    with pytest.raises(MachineError, match="a judge process did not start; see its message above"):
        engine.start()


def test_the_user_s_own_pytest_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Options meant for other runs change nothing here."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "-q --tb=short --maxfail=1")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    engine = Engine(make_topic(tmp_path, tests=FRAGILE, reference=CALM))
    assert verdicts(engine.judge(submission("", on_top_of=CALM), "secret")) == ALL
    engine.stop()


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A judge with a test that can be made to break it."""
    limits = {"submission_seconds": 10.0}
    engine = Engine(make_topic(tmp_path_factory.mktemp("root"), FRAGILE, CALM, limits=limits))
    engine.start()
    engine.judge(submission("", on_top_of=CALM), "secret")
    yield engine
    engine.stop()


def judged(engine: Engine, mode: str) -> Result:
    """A submission that names what is to happen."""
    return engine.judge(submission(f"mode = {mode!r}", on_top_of=CALM), "secret")


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("raise", "RuntimeError: of my own"),
        ("skip", "Skipped: not today"),
        ("exit", "SystemExit: 0"),
        ("unsendable", "EncodeError: a test passed a object, which the wire does not carry"),
    ],
)
def test_a_test_that_raises(fragile: Engine, mode: str, words: str) -> None:
    """Nobody's points: the score is withheld, the other tests are told."""
    result = judged(fragile, mode)
    assert verdicts(result) == {**ALL, "t02": "TEST_ERROR"}
    assert message(result, "t02") == words
    assert result.score is None
    assert result.max_score == 3


def test_a_test_that_interrupts(fragile: Engine) -> None:
    """Like a Ctrl-C in the judge: the run ends with a word, and the next one begins afresh."""
    with pytest.raises(InputError, match="pytest ended with INTERRUPTED on "):
        judged(fragile, "interrupt")
    assert verdicts(judged(fragile, "calm")) == ALL


def test_public_tests_have_no_reference(tmp_path: Path) -> None:
    """One that asks for it is broken."""
    spec = replace(make_topic(tmp_path), reference=None)
    engine = Engine(spec)
    result = engine.judge(submission(""), "")
    engine.stop()
    assert verdicts(result)["t01"] == "PASSED"
    assert verdicts(result)["t04"] == "TEST_ERROR"
    assert "public tests have no reference" in message(result, "t04")


def test_a_judge_that_always_dies(fragile: Engine) -> None:
    """Three attempts, then the score is withheld; the next submission is judged as ever."""
    result = judged(fragile, "die")
    assert set(verdicts(result).values()) == {"SANDBOX_ERROR"}
    assert message(result, "t01") == "the judge died 3 times"
    assert result.score is None
    assert verdicts(judged(fragile, "calm")) == ALL


def test_a_stuck_judge(fragile: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hidden test that never ends is given up: blame the staff, go on with the next."""
    judged(fragile, "calm")
    monkeypatch.setattr(engine_module, "GRACE_SECONDS", -9.0)
    started = time.monotonic()
    result = judged(fragile, "hang")
    monkeypatch.undo()
    assert time.monotonic() - started < 8
    assert set(verdicts(result).values()) == {"TEST_ERROR"}
    assert message(result, "t02") == "a hidden test did not end"
    assert result.score is None
    assert verdicts(judged(fragile, "calm")) == ALL


def children_of(pid: int) -> list[int]:
    """Processes that a process of ours has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.parametrize("victim", ["judge", "zygote"])
def test_killed_in_the_middle(fragile: Engine, victim: str) -> None:
    """Replaced, asked again, and the result is the same."""
    calm = judged(fragile, "calm")
    results: list[Result] = []
    work = submission("", on_top_of=SLOW)
    thread = threading.Thread(target=lambda: results.append(fragile.judge(work, "secret")))
    assert fragile._process is not None
    judge = fragile._process.pid
    thread.start()
    time.sleep(0.4)
    os.kill(judge if victim == "judge" else children_of(judge)[0], signal.SIGKILL)
    thread.join(60)
    assert verdicts(results[0]) == verdicts(calm) == ALL
    assert results[0].score == 3
    assert fragile._process is not None
    assert (fragile._process.pid != judge) == (victim == "judge")


def test_a_submission_that_takes_too_long_in_all(tmp_path: Path) -> None:
    """Each test within its time, all of them beyond the submission's: the rest is not run."""
    engine = Engine(make_topic(tmp_path, FRAGILE, CALM, limits={"submission_seconds": 3.0}))
    result = engine.judge(submission("", on_top_of=SLOW.replace("0.7", "3.1")), "secret")
    engine.stop()
    assert verdicts(result) == {"t01": "PASSED", "t02": "TIMED_OUT", "t03": "TIMED_OUT"}
    assert message(result, "t03") == "the whole submission took longer than 3 s"
    assert result.score == 1


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    """When grade goes, so do the judge and its fork server; a hang-up is enough."""
    engine = Engine(make_topic(tmp_path, FRAGILE, CALM))
    engine.start()
    assert engine._process is not None
    processes = [engine._process.pid, *children_of(engine._process.pid)]
    assert len(processes) == 2
    engine._channel.close()
    engine._process.wait(10)
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in processes[1:]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{pid}").exists() for pid in processes)
    engine.stop()
