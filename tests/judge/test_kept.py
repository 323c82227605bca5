"""Further processes of a submission: opened once, used by many tests, each answering for itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.judge.engine import Engine
from tests.judge.topics import make_topic, message, submission, verdicts

REFERENCE = '''
import os

def train(n):
    """Remembers; called once."""
    global trained
    trained = n
    return os.getpid()

def recall(n):
    """What was remembered, and n."""
    return trained + n
'''

TESTS = '''
import pytest

STATE = {}

@pytest.fixture(scope="module")
def trained(new_student):
    """Trains when it is first asked to; again when the process is gone."""
    STATE.clear()
    def get():
        if STATE.get("student") is None:
            STATE["student"] = new_student()
            STATE["pid"] = STATE["student"].train(7)
        return STATE["student"]
    yield get
    STATE.clear()

@pytest.mark.points(1)
def test_t01_recall(trained):
    """What was learned is known."""
    assert trained().recall(1) == 8

@pytest.mark.points(1)
def test_t02_crash(trained):
    """Asks for what may crash, and starts again where it does."""
    trained()
    try:
        assert STATE["student"].recall(2) == 9
    except Exception:
        STATE["student"] = None
        raise

@pytest.mark.points(1)
def test_t03_again(trained, student):
    """The same process as before, another than that of the test."""
    kept = trained()
    assert kept.recall(3) == 10
    assert student.train(1) != STATE["pid"], "the test's own process is the kept one"
    assert kept.recall(4) == 11

@pytest.mark.points(3)
def test_t04_alone(student):
    """A process of its own knows nothing of it."""
    assert not hasattr(student, "trained"), "the training is known"
'''


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = Engine(make_topic(tmp_path_factory.mktemp("root"), TESTS, REFERENCE))
    yield engine
    engine.stop()


def judge(engine: Engine, source: str, only: list[str] | None = None) -> dict[str, str]:
    return verdicts(engine.judge(submission(source, on_top_of=REFERENCE), "secret", only))


def test_one_training_for_all_tests_of_a_submission(engine: Engine) -> None:
    passed = dict.fromkeys(("t01", "t02", "t03", "t04"), "PASSED")
    assert judge(engine, "") == passed


def test_a_crash_costs_the_test_that_saw_it(engine: Engine) -> None:
    crash = "def recall(n):\n  if n == 2: os._exit(3)\n  return trained + n"
    assert list(judge(engine, crash).values()) == ["PASSED", "CRASHED", "PASSED", "PASSED"]


def test_what_is_wrong_is_said_in_the_words_of_the_kept_process(engine: Engine) -> None:
    result = engine.judge(submission("def recall(n): return trained", on_top_of=REFERENCE), "secret")
    assert verdicts(result)["t01"] == "WRONG"
    assert message(result, "t01").startswith("recall(int): ")


def test_another_kind_of_answer_is_wrong_and_not_our_fault(engine: Engine) -> None:
    result = engine.judge(submission("def recall(n): return None", on_top_of=REFERENCE), "secret")
    assert verdicts(result) == {"t01": "WRONG", "t02": "WRONG", "t03": "WRONG", "t04": "PASSED"}


def test_the_next_submission_finds_nothing_of_it(engine: Engine) -> None:
    assert judge(engine, "def train(n):\n  global trained\n  trained = 100\n  return 1")["t01"] == "WRONG"
    assert judge(engine, "", ["test_t03_again"]) == {"t03": "PASSED"}


def test_what_does_not_load_is_raised_to_the_test(engine: Engine) -> None:
    assert set(judge(engine, "raise ValueError('no')").values()) == {"RAISED"}


def test_nine_processes_are_too_many(tmp_path_factory: pytest.TempPathFactory) -> None:
    many = '''
import pytest

@pytest.mark.points(6)
def test_t01_many(new_student):
    """Opens nine, and eight would do."""
    for n in range(9):
        new_student().train(n)
'''
    engine = Engine(make_topic(tmp_path_factory.mktemp("root"), many, REFERENCE))
    with pytest.raises(Exception, match="opened more than 8 processes of one submission"):
        engine.judge(submission("", on_top_of=REFERENCE), "secret")
    engine.stop()
