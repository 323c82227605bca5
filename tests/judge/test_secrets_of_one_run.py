"""One submission under several secrets: each test has one process for all of them, until it breaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.judge.engine import Engine
from tests.judge.topics import make_topic, submission, verdicts

REFERENCE = '''
import os

calls = 0

def value(x):
    """x, and how often this process was asked."""
    global calls
    calls += 1
    return x

def pid():
    """This process."""
    return os.getpid()
'''

TESTS = '''
import pytest
from grader.judge.testing import assert_close

SEEN = []

@pytest.fixture(scope="module")
def module():
    yield SEEN
    SEEN.clear()

@pytest.mark.points(3)
def test_t01_value(student, rng, module):
    """The value of a number that the secret decides."""
    x = rng.normal()
    assert x not in module, "the same data twice"
    module.append(x)
    assert_close(student.value(x), x, what="value")
    assert not student.last_call.changed

@pytest.mark.points(3)
def test_t02_missing(student, rng):
    """Nothing of the first run is left on our side."""
    assert student.last_call.name == ""
    assert isinstance(student.pid(), int)
'''


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = Engine(make_topic(tmp_path_factory.mktemp("root"), TESTS, REFERENCE))
    yield engine
    engine.stop()


def judge(engine: Engine, source: str, secrets: str = "abc") -> list[dict[str, str]]:
    work = submission(source, on_top_of=REFERENCE)
    return [verdicts(result) for result in engine.judge_under(work, list(secrets))]


def test_every_secret_has_its_own_data_and_result(engine: Engine) -> None:
    assert judge(engine, "") == [{"t01": "PASSED", "t02": "PASSED"}] * 3


def test_one_process_serves_a_test_under_all_of_them(engine: Engine) -> None:
    second = "def value(x):\n  global calls\n  calls += 1\n  return x + (calls == 2)"
    assert [one["t01"] for one in judge(engine, second)] == ["PASSED", "WRONG", "PASSED"]


def test_a_process_that_is_gone_is_replaced(engine: Engine) -> None:
    second = "def value(x):\n  global calls\n  calls += 1\n  if calls == 2: os._exit(3)\n  return x"
    assert [one["t01"] for one in judge(engine, second)] == ["PASSED", "CRASHED", "PASSED"]
    assert {one["t02"] for one in judge(engine, second)} == {"PASSED"}


def test_what_does_not_load_fails_under_all_of_them(engine: Engine) -> None:
    assert judge(engine, "raise ValueError") == [{"t01": "RAISED", "t02": "RAISED"}] * 3


def test_a_single_secret_judges_the_same(engine: Engine) -> None:
    half = "def value(x): return x / 2"
    assert judge(engine, half)[1] == judge(engine, half, "b")[0] == {"t01": "WRONG", "t02": "PASSED"}


def test_what_outlives_a_test_belongs_to_one_secret(tmp_path: Path) -> None:
    kept = '''
import pytest

STATE = {}

@pytest.fixture(scope="module")
def trained(new_student):
    yield lambda x: STATE.setdefault("kept", (new_student(), x))
    STATE.clear()

@pytest.mark.points(3)
def test_t01_first(trained, rng):
    """Opens the process."""
    student, x = trained(rng.normal())
    STATE["x"] = student.value(x)

@pytest.mark.points(3)
def test_t02_second(trained, rng):
    """Finds it, with the number of its own secret."""
    student, x = trained(None)
    assert student.value(x) == STATE["x"]
    assert student.run(calls_of) == 2

def calls_of(module):
    return module.calls
'''
    engine = Engine(make_topic(tmp_path, kept, REFERENCE))
    assert judge(engine, "") == [{"t01": "PASSED", "t02": "PASSED"}] * 3
    engine.stop()
