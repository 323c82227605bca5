"""Small topics on disk, with hidden tests and a reference, for whole judge processes."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from grader.judge.spec import JudgeSpec, Sandbox
from grader.model.assignment import Assignment, Ban, Limits, Text
from grader.model.result import Result
from grader.model.submission import Submission

REFERENCE = '''
import numpy as np

def double(x):
    """Twice x."""
    return 2 * x

def pair(n):
    """Two numbers that add up to 7."""
    return n, 7 - n

def root(x):
    """The square root. Raises ValueError below zero."""
    if x < 0:
        raise ValueError("below zero")
    return x ** 0.5

def table(n):
    """The times table up to n."""
    return [[i * j for j in range(n)] for i in range(n)]
'''

TESTS = '''
import pytest
from grader.judge.testing import assert_close, assert_equal
from . import oracle

@pytest.mark.points(2)
def test_t01_double(student, rng):
    """double of an array.

    Not for students.
    """
    x = rng.normal(size=3)
    assert_close(student.double(x), oracle.twice(x), what="double")

@pytest.mark.points(1)
def test_t02_pair(student):
    """pair adds up to 7."""
    first, second = student.pair(3)
    assert first + second == 7, "the two do not add up to 7"
    assert 7 / first < 3

@pytest.mark.points(1)
@pytest.mark.parametrize("x", [-1.0, -4.0])
def test_t03_refusal(student, x):
    """root refuses numbers below zero."""
    with pytest.raises(ValueError):
        student.root(x)

@pytest.mark.points(1)
def test_t04_table(student, reference):
    """table, against the reference."""
    assert_equal(student.table(3), reference.table(3), what="table")
'''

ORACLE = """
def twice(x):
    return x + x
"""


def make_topic(root: Path, tests: str = TESTS, reference: str = REFERENCE, **settings: Any) -> JudgeSpec:
    """Write a topic called `task` under `root`; `settings` are limits, libraries and bans."""
    folder, solution = root / "autotests" / "task", root / "solutions" / "task" / "task.py"
    folder.mkdir(parents=True)
    solution.parent.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "oracle.py").write_text(ORACLE)
    (folder / "test_task.py").write_text(textwrap.dedent(tests))
    solution.write_text(textwrap.dedent(reference))
    limits = Limits(**{"call_seconds": 5.0, "test_seconds": 8.0, **settings.pop("limits", {})})
    assignment = Assignment(
        slug="task",
        title=Text(en="Task", zh="任务"),
        note=1,
        points=6,
        files=("task.py",),
        libraries=settings.pop("libraries", ("numpy",)),
        banned=(Ban(name="numpy.linalg.*", tests=("t01",)), Ban(name="scipy")),
        limits=limits,
    )
    return JudgeSpec(
        assignment=assignment,
        tests=folder,
        root=root,
        reference=solution,
        sandbox=Sandbox.REQUIRED,
        **settings,
    )


def submission(source: str, *, on_top_of: str = REFERENCE) -> Submission:
    """The reference with later definitions of the same names."""
    text = f"{on_top_of}\n{textwrap.dedent(source)}"
    return Submission(topic="task", name="a student", files={"task.py": text.encode()})


def verdicts(result: Result) -> dict[str, str]:
    """By label."""
    return {test.test.label: test.verdict.value for test in result.tests}


def message(result: Result, label: str) -> str:
    """What the student reads of one test."""
    (found,) = (test.message for test in result.tests if test.test.label == label)
    return found
