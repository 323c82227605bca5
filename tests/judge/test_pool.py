"""Many submissions over several judges: every one comes back, each with its own result."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grader.errors import InputError
from grader.judge import pool
from grader.judge.spec import JudgeSpec
from grader.model.submission import Submission
from tests.judge.topics import TESTS, make_topic, submission


@pytest.fixture
def spec(tmp_path: Path) -> Iterator[JudgeSpec]:
    """A topic; its judges end with the test, and those of any test before it have ended."""
    pool.stop_judges()
    yield make_topic(tmp_path)
    pool.stop_judges()


def work() -> dict[str, Submission]:
    """Eight submissions and what they earn, by name."""
    made = {}
    for number in range(8):
        right = number % 2
        source = "" if right else f"def double(x): return {number + 3} * x"
        name = f"{number}: {6 if right else 4}"
        made[name] = Submission(topic="task", name=name, files=submission(source).files)
    return made


def test_two_workers(spec: JudgeSpec) -> None:
    """Results belong to their submissions; judges are kept for the next run."""
    submissions = work()
    results = {one.name: result for one, result in pool.judge_all(spec, submissions.values(), "s", workers=2)}
    assert results.keys() == submissions.keys()
    assert all(f": {result.score}" in name for name, result in results.items())
    assert all(result.submission_sha256 == submissions[name].sha256 for name, result in results.items())
    assert 1 <= len(pool._idle[spec]) <= 2
    kept = set(map(id, pool._idle[spec]))
    with ThreadPoolExecutor(1) as executor:
        again = list(pool.judge_all(spec, list(submissions.values())[:2], "s", executor=executor))
    assert {result.score for _, result in again} == {4, 6}
    assert kept >= set(map(id, pool._idle[spec]))


def test_a_broken_topic_ends_the_run(tmp_path: Path) -> None:
    """Once, not once a submission."""
    spec = make_topic(tmp_path, tests=TESTS.replace("== 7", "== 8"))
    with pytest.raises(InputError, match="does not earn full marks"):
        list(pool.judge_all(spec, work().values(), "s", workers=1))
    assert not pool._idle[spec]


def test_who_stops_early_loses_nothing_and_hangs_nowhere(spec: JudgeSpec) -> None:
    """What is out stays out; what has not begun is never begun."""
    run = pool.judge_all(spec, work().values(), "s", workers=1)
    _, result = next(run)
    run.close()  # type: ignore[attr-defined]  # it is a generator
    assert result.score in (4, 6)


def test_one_judge_a_core() -> None:
    """By default."""
    assert pool.default_workers() >= 1
