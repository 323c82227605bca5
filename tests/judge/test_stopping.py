"""A judge that stops at the first failure says so in the result, and gives no score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from grader.judge.engine import Engine
from tests.judge.topics import make_topic, message, submission, verdicts

LABELS = ["t01", "t02", "t03[-1.0]", "t03[-4.0]", "t04"]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = Engine(replace(make_topic(tmp_path_factory.mktemp("root")), stop_at_first_failure=True))
    yield engine
    engine.stop()


def test_what_follows_a_failure_is_not_run(engine: Engine) -> None:
    result = engine.judge(submission("def pair(n): return n, n"), "secret")
    assert list(verdicts(result).values()) == ["PASSED", "WRONG", "TEST_ERROR", "TEST_ERROR", "TEST_ERROR"]
    assert message(result, "t04") == "not run: another test has failed"
    assert (result.score, result.max_score) == (None, 6)


def test_who_fails_nothing_has_full_marks(engine: Engine) -> None:
    result = engine.judge(submission("def double(x): return x + x"), "secret")
    assert verdicts(result) == dict.fromkeys(LABELS, "PASSED")
    assert result.score == 6
