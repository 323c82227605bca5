"""A pytest plugin for whoever writes hidden tests: `pytest autotests/TOPIC` runs them in this very process.

By default `student` is the topic's own reference; `--submission FILE` puts another module of *yours* in its
place (for a student's, use `grader grade`: nothing here is a wall). `--data-seed` changes the graders' random
data.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from grader.judge.local import LocalStudent
from grader.judge.reference import load_module
from grader.judge.seeds import data_seed


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare `--submission` and `--data-seed`."""
    group = parser.getgroup("grader", "hidden graders, in process")
    group.addoption("--submission", type=Path, help="your own module to test instead of the reference")
    group.addoption("--data-seed", default="authoring", help="any text; changes the graders' random data")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker that carries a hidden test's points."""
    config.addinivalue_line("markers", "points(n): points of a hidden test, all or nothing")


def _reference_path(request: pytest.FixtureRequest) -> Path:
    topic = request.path.parent
    return topic.parent.parent / "solutions" / topic.name / f"{topic.name}.py"


@pytest.fixture
def reference(request: pytest.FixtureRequest) -> LocalStudent:
    """The topic's reference solution."""
    return LocalStudent(load_module(_reference_path(request)))


@pytest.fixture
def student(request: pytest.FixtureRequest) -> LocalStudent:
    """The module under test."""
    chosen: Path | None = request.config.getoption("--submission")
    return LocalStudent(load_module(chosen or _reference_path(request)))


@pytest.fixture(scope="module")
def new_student(request: pytest.FixtureRequest) -> Callable[[], LocalStudent]:
    """The module under test once more, each time that it is called."""
    chosen: Path | None = request.config.getoption("--submission")
    return lambda: LocalStudent(load_module(chosen or _reference_path(request)))


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Random data of this test, a function of `--data-seed` and the test's name."""
    secret = str(request.config.getoption("--data-seed"))
    return np.random.default_rng(data_seed(secret, request.path.parent.name, request.node.name))
