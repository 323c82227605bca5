"""One submission under several secrets: each test has one process for all of them, until it breaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.judge.engine import Engine
from grader.model.submission import Submission
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


FIXED = '''
import pytest

@pytest.mark.points(3)
def test_t01_random(student, rng):
    """Data of its own under each secret."""
    x = rng.normal()
    assert student.value(x) == x

@pytest.mark.points(3)
def test_t02_fixed(student):
    """The same under every secret: called again, the process would count on."""
    student.value(0.0)
    assert student.run(calls_of) == 1

def calls_of(module):
    return module.calls
'''
KEPT_AND_FIXED = '''
import pytest

@pytest.fixture(scope="module")
def trained(new_student):
    return new_student()

@pytest.mark.points(2)
def test_t01_random(trained, rng):
    """Opens the process of its secret."""
    x = rng.normal()
    assert trained.value(x) == x

@pytest.mark.points(2)
def test_t02_same_process(trained):
    """Takes no random data, but a process that has seen some."""
    trained.value(1.0)
    assert trained.run(calls_of) == 2

@pytest.mark.points(2)
def test_t03_fixed(student):
    """Alone, and the same under every secret."""
    student.value(0.0)

def calls_of(module):
    return module.calls
'''


@pytest.mark.parametrize(("tests", "times"), [(FIXED, [3, 1]), (KEPT_AND_FIXED, [3, 3, 1])])
def test_what_does_not_see_the_secret_is_run_once(tests: str, times: list[int], tmp_path: Path) -> None:
    """Its result stands under every secret; that of the canary too."""
    spec = make_topic(tmp_path, tests, REFERENCE)
    engine = Engine(spec)
    results = engine.judge_under(submission("", on_top_of=REFERENCE), ["a", "b", "c"])
    assert [result.score for result in results] == [6, 6, 6]
    for index, runs in enumerate(times):
        assert len({result.tests[index].seconds for result in results}) == runs
    engine.stop()


def test_none_of_the_tests_sees_the_secret(tmp_path: Path) -> None:
    """Then further secrets change nothing, with a kept process as well."""
    tests = KEPT_AND_FIXED.replace("trained, rng", "trained").replace("rng.normal()", "1.5")
    engine = Engine(make_topic(tmp_path, tests, REFERENCE))
    assert judge(engine, "") == [{"t01": "PASSED", "t02": "PASSED", "t03": "PASSED"}] * 3
    assert [one["t03"] for one in judge(engine, "def value(x): raise OSError")] == ["RAISED"] * 3
    engine.stop()


def test_the_reference_is_not_judged_twice(tmp_path: Path) -> None:
    """The canary's flight is its result; a copy with a comment is a submission like all others."""
    engine = Engine(make_topic(tmp_path, FIXED, REFERENCE))
    source = (tmp_path / "solutions/task/task.py").read_bytes()
    exact, copy = (
        Submission(topic="task", name="a student", files={"task.py": content})
        for content in (source, source + b"# mine")
    )
    first, second, other = (engine.judge_under(one, ["a", "b"]) for one in (exact, exact, copy))
    assert first == second
    assert [result.score for result in (*first, *other)] == [6, 6, 6, 6]
    assert other[0].seconds != first[0].seconds
    engine.stop()
