"""The pytest plugin of a judge process: collected once, its tests are run again for every submission.

Inside `pytest_runtestloop` the session's own loop takes submissions and calls `run` for each item (the way
pytest-xdist's workers do). Reports carry no representation of a failure: it would cost milliseconds and hold
hidden source; `errors` keeps the exceptions themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.judge.collecting import explain_collecting
from grader.judge.kept import Kept
from grader.judge.local import LocalStudent
from grader.judge.seeds import data_seed
from grader.judge.student import Student
from grader.model.result import HiddenTest

# Plugins that cost time per test, write to the terminal or to disk, or show source.
SWITCHED_OFF = (
    "cacheprovider capture debugging doctest faulthandler junitxml logging pastebin setuponly setupplan "
    "stepwise terminal threadexception unittest unraisableexception warnings"
).split()


class JudgePlugin:
    """Fixtures and hooks. `serve` is called once, when everything is collected."""

    def __init__(
        self, topic: str, reference: LocalStudent | None, serve: Callable[[JudgePlugin], None]
    ) -> None:
        self._topic, self._reference, self._serve = topic, reference, serve
        self._student: Student | None = None
        self._kept: Kept | None = None
        self.secret = ""
        self.items: list[pytest.Item] = []
        self.collection_errors: list[str] = []
        self.errors: list[tuple[str, BaseException]] = []

    # ---- fixtures ----------------------------------------------------------------------------------------

    @pytest.fixture
    def student(self) -> Student:
        """The submission, in a fresh process of its own."""
        assert self._student is not None
        return self._student

    @pytest.fixture(scope="module")
    def new_student(self) -> Callable[[], Student]:
        """Call it for a further process of the submission, which lives until the last test of the module.

        For what is too dear to be done again for each test: a training.
        """
        assert self._kept is not None
        return self._kept.open

    @pytest.fixture
    def reference(self) -> LocalStudent:
        """The trusted solution behind the same interface."""
        if self._reference is None:
            raise LookupError("public tests have no reference")
        return self._reference

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        """Random data of this test: a function of the course's secret and the test's name."""
        return np.random.default_rng(data_seed(self.secret, self._topic, request.node.name))

    # ---- hooks -------------------------------------------------------------------------------------------

    def pytest_configure(self, config: pytest.Config) -> None:
        """Declare the marker that carries points."""
        config.addinivalue_line("markers", "points(n): points of a hidden test, all or nothing")

    def pytest_exception_interact(
        self, node: pytest.Item | pytest.Collector, call: pytest.CallInfo[Any], report: object
    ) -> None:
        """Remember what could not be collected."""
        if isinstance(report, pytest.CollectReport) and call.excinfo is not None:
            self.collection_errors.append(explain_collecting(call.excinfo.value, node.path))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Hand over to the session's loop instead of running the tests once."""
        self.items = session.items
        self._serve(self)
        return True

    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """A report without a representation; the exception is kept for `score`."""
        assert call.when != "collect"
        if call.excinfo is not None:
            self.errors.append((call.when, call.excinfo.value))
        return pytest.TestReport(
            nodeid=item.nodeid,
            location=item.location,
            keywords={},
            outcome="failed" if call.excinfo else "passed",
            longrepr=None,
            when=call.when,
            duration=call.duration,
        )

    # ---- for the session ---------------------------------------------------------------------------------

    def run(
        self, index: int, following: int | None, student: Student, kept: Kept
    ) -> list[tuple[str, BaseException]]:
        """Run one collected test against one process; the exceptions by phase, none when it passed.

        Fixtures that the test `following` does not share are torn down. `kept` are the submission's further
        processes.
        """
        self._student, self._kept, self.errors = student, kept, []
        item = self.items[index]
        nextitem = None if following is None else self.items[following]
        item.ihook.pytest_runtest_protocol(item=item, nextitem=nextitem)
        self._student = None
        return self.errors

    def sibling(self, index: int) -> int | None:
        """Another test of the same module: announced as the following one, it keeps the module's fixtures."""
        parent = self.items[index].parent
        same = (other for other, item in enumerate(self.items) if item.parent is parent and other != index)
        return next(same, None)

    def sees_the_secret(self, index: int) -> bool:
        """Whether the data of a test depend on the secret. All others are the same under every secret.

        They do where it takes `rng`, or shares a further process with a test that does.
        """
        fixtures = _fixtures(self.items[index])
        if "rng" in fixtures or "new_student" not in fixtures:
            return "rng" in fixtures
        return any({"rng", "new_student"} <= _fixtures(item) for item in self.items)

    def tests_that_see_the_secret(self) -> list[str]:
        """Their names, in order."""
        return [test.name for index, test in enumerate(self.tests()) if self.sees_the_secret(index)]

    @property
    def keeps_processes(self) -> bool:
        """Whether some test's data outlives it, in a further process of the submission."""
        return any("new_student" in _fixtures(item) for item in self.items)

    def close(self) -> None:
        """Tear down what the last test of a submission has left, when it was not known to be the last."""
        if self.items:
            self.items[0].session._setupstate.teardown_exact(None)
        self._kept = None

    @property
    def public(self) -> bool:
        """Whether these are public tests, whose failures may show everything."""
        return self._reference is None

    def tests(self) -> list[HiddenTest]:
        """The collected tests, in order."""
        return [describe_item(item) for item in self.items]


def _fixtures(item: pytest.Item) -> set[str]:
    """All that a test takes, by itself or through another fixture."""
    return set(getattr(item, "fixturenames", ()))


def describe_item(item: pytest.Item) -> HiddenTest:
    """Label, points, and the docstring's first line, which is what a student reads."""
    marker = item.get_closest_marker("points")
    document: Any = getattr(getattr(item, "function", None), "__doc__", None)
    return HiddenTest(
        label=label(item.name),
        name=item.name,
        title=(document or item.name).strip().splitlines()[0],
        points=int(marker.args[0]) if marker and marker.args else 0,
    )


def label(test_name: str) -> str:
    """`t02` of `test_t02_layer_norm`, `t02[3]` of its fourth parameter."""
    base, bracket, parameters = test_name.removeprefix("test_").partition("[")
    return base.split("_")[0] + bracket + parameters
