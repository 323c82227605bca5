"""A judge of the fixture course. It starts only behind the whole wall, proven before anything hostile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.judge.engine import Engine
from grader.judge.spec import JudgeSpec
from grader.model.result import Result
from grader.model.submission import Submission
from grader.model.verdict import Verdict
from tests.hostile.target import SECRET, the_spec

# Neither hostile files nor the fixture's hidden tests are tests of this program.
collect_ignore = ["corpus", "course"]

# The two doors without which nothing in the corpus can harm anybody else, tried without harm.
HARMLESS = b"""
import os

def refused(attempt):
    try:
        attempt()
    except PermissionError:
        return True
    return False

def fork():
    if os.fork() == 0:
        os._exit(0)

def entropy(p):
    doors = (lambda: os.kill(os.getppid(), 0), lambda: os.kill(os.getpid(), 0), fork)
    raise NotImplementedError if all(map(refused, doors)) else RuntimeError("there is no wall")
"""


@pytest.fixture(scope="session")
def spec() -> JudgeSpec:
    """The fixture course's only topic, behind the whole wall or not at all."""
    return the_spec()


@pytest.fixture(scope="module")
def engine(spec: JudgeSpec) -> Iterator[Engine]:
    """A judge that has shown that its wall stands, with a canary in its environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOSTILE_CANARY", "canary-of-the-environment")
        engine = Engine(spec)
        start_behind_the_wall(engine)
    yield engine
    engine.stop()


def start_behind_the_wall(engine: Engine) -> None:
    """Start a judge and prove its wall by harmless attempts; without it, nothing hostile may run."""
    engine.start()
    tried = {result.test.label: result.verdict for result in judge(engine, HARMLESS, "harmless").tests}
    if tried["t02"] is not Verdict.NOT_IMPLEMENTED:
        engine.stop()
        pytest.exit(
            f"the wall does not stand here ({tried['t02'].value}): the hostile corpus must not run", 3
        )


def judge(engine: Engine, source: bytes, name: str) -> Result:
    """Judge one file as a submission of `target`."""
    submission = Submission(topic="target", name=name, files={"target.py": source})
    return engine.judge(submission, SECRET)
