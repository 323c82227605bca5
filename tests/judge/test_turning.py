"""One judge process for one assignment after the other: nothing of the one before stays but libraries."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import InputError
from grader.judge import pool
from grader.judge.engine import Engine
from grader.judge.spec import JudgeSpec
from tests.judge.topics import ORACLE, REFERENCE, make_topic, submission, verdicts

OTHER_REFERENCE = REFERENCE.replace("return 2 * x", "return 5 * x")
OTHER_ORACLE = ORACLE.replace("x + x", "5 * x")
LABELS = ["t01", "t02", "t03[-1.0]", "t03[-4.0]", "t04"]


def other_topic(root: Path, **settings: object) -> JudgeSpec:
    """The same file names, another course: here `double` is five times."""
    spec = make_topic(root, reference=OTHER_REFERENCE, **settings)
    (spec.tests / "oracle.py").write_text(OTHER_ORACLE)
    return spec


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(make_topic(tmp_path / "first"))
    engine.start()
    yield engine
    engine.stop()


def fork_servers(engine: Engine) -> str:
    """The children of the judge process."""
    assert engine._process is not None
    pid = engine._process.pid
    return Path(f"/proc/{pid}/task/{pid}/children").read_text()


def earned(engine: Engine, source: str) -> dict[str, str]:
    """Verdicts of five times, or two times, as `double`."""
    return verdicts(engine.judge(submission(source, on_top_of=REFERENCE), "secret"))


def test_another_course_with_the_same_names(engine: Engine, tmp_path: Path) -> None:
    """Tests, oracle and reference are the new ones, there and back; process and fork server stay."""
    fivefold, full = "def double(x): return 5 * x", dict.fromkeys(LABELS, "PASSED")
    process, server = engine._process, fork_servers(engine)
    first = engine.spec
    assert earned(engine, "") == full
    engine.turn(other_topic(tmp_path / "second"))
    assert earned(engine, fivefold) == full
    assert earned(engine, "") == {**full, "t01": "WRONG"}
    engine.turn(first)
    assert earned(engine, "") == full
    assert earned(engine, fivefold) == {**full, "t01": "WRONG"}
    assert engine._process is process
    assert fork_servers(engine) == server


def test_a_course_by_a_relative_path(engine: Engine, tmp_path: Path) -> None:
    """Its modules' files have absolute ones."""
    spec = other_topic(tmp_path / "second")
    assert spec.reference is not None
    tests, reference = (Path(os.path.relpath(path)) for path in (spec.tests, spec.reference))
    engine.turn(replace(spec, tests=tests, reference=reference))
    assert earned(engine, "")["t01"] == "WRONG"
    engine.turn(make_topic(tmp_path / "third"))
    assert earned(engine, "") == dict.fromkeys(LABELS, "PASSED")


def test_other_limits_take_another_fork_server(engine: Engine, tmp_path: Path) -> None:
    """It was started for them. Two are kept, those that were used last."""
    first, started = engine.spec, fork_servers(engine).split()
    engine.turn(other_topic(tmp_path / "second", limits={"memory_mb": 300}))
    both = fork_servers(engine).split()
    assert len(both) == 2
    assert both[:1] == started
    engine.turn(first)
    assert earned(engine, "") == dict.fromkeys(LABELS, "PASSED")
    assert fork_servers(engine).split() == both
    engine.turn(other_topic(tmp_path / "third", limits={"memory_mb": 400}))
    after = fork_servers(engine).split()
    assert len(after) == 2
    assert after[:1] == started


def test_a_dead_judge_is_replaced(engine: Engine, tmp_path: Path) -> None:
    """And one that was never started is started."""
    assert engine._process is not None
    engine._process.kill()
    engine._process.wait()
    engine.turn(other_topic(tmp_path / "second"))
    assert earned(engine, "")["t01"] == "WRONG"
    fresh = Engine(engine.spec)
    fresh.turn(make_topic(tmp_path / "third"))
    assert earned(fresh, "")["t01"] == "PASSED"
    fresh.stop()


def test_a_broken_course_is_refused(engine: Engine, tmp_path: Path) -> None:
    """In the words of a fresh start; the judge can be turned back."""
    first = engine.spec
    with pytest.raises(InputError, match="no tests in"):
        engine.turn(make_topic(tmp_path / "second", tests="x = 1"))
    engine.turn(first)
    assert earned(engine, "") == dict.fromkeys(LABELS, "PASSED")


def test_a_run_turns_the_judges_of_the_run_before(tmp_path: Path) -> None:
    """So that no more are kept than a run needs."""
    pool.stop_judges()  # whatever another test of this program has left idle
    first, second = make_topic(tmp_path / "first"), other_topic(tmp_path / "second")
    with_full_marks = submission("")
    try:
        list(pool.judge_all(first, [with_full_marks] * 3, "s", workers=2))
        kept = set(map(id, pool._idle[first]))
        ((_, result),) = pool.judge_all(second, [with_full_marks], "s", workers=1)
        assert verdicts(result)["t01"] == "WRONG"
        assert set(map(id, [*pool._idle[second], *pool._spare])) == kept
        assert not pool._idle[first]
    finally:
        pool.stop_judges()
    assert not pool._spare
