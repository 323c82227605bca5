"""What the judge says of one submission."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

from grader.model.verdict import Blame, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenTest:
    """One test as the judge collected it."""

    label: str  # t01
    name: str  # test_t01_values
    title: str  # first line of the docstring: what the student reads
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """The largest error that a numeric assertion saw in a test, as a fraction of its tolerance."""

    file: str
    line: int
    what: str
    error: float  # above 1 the assertion failed; inf for a wrong shape, a NaN out of place and the like
    rtol: float
    atol: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """One test of one submission."""

    __test__ = False  # pytest: a value, not a test class
    test: HiddenTest
    verdict: Verdict
    message: str = ""  # what the student may read
    evidence: str = ""  # what staff may read besides: traceback, signal
    output: str = ""  # what the student's code printed, capped
    seconds: float = 0.0
    measurements: tuple[Measurement, ...] = ()  # only where `verify --margins` asked for them

    @property
    def points(self) -> int:
        """All or nothing."""
        return self.test.points if self.verdict is Verdict.PASSED else 0

    @property
    def place(self) -> str:
        """Where in the hidden test the evidence points to: ` (test_x.py:12)`, or nothing."""
        lines = re.findall(r'File "([^"\n]+)", line (\d+), in test_', self.evidence)
        return f" ({PurePath(lines[-1][0]).name}:{lines[-1][1]})" if lines else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One submission, judged."""

    topic: str
    submission_sha256: str
    tests: tuple[TestResult, ...]
    sandbox: str  # which wall stood: "landlock+seccomp", or "none"
    seconds: float = 0.0

    @property
    def max_score(self) -> int:
        """Sum of the points of all tests."""
        return sum(result.test.points for result in self.tests)

    @property
    def score(self) -> int | None:
        """Points earned, or None when a fault that is not the student's withholds them."""
        if any(result.verdict.blame in (Blame.STAFF, Blame.MACHINE) for result in self.tests):
            return None
        return sum(result.points for result in self.tests)

    def to_json(self) -> dict[str, Any]:
        """Plain data; `from_json` is its inverse."""
        return {
            "topic": self.topic,
            "submission_sha256": self.submission_sha256,
            "sandbox": self.sandbox,
            "seconds": self.seconds,
            "score": self.score,
            "max_score": self.max_score,
            "tests": [
                {
                    "label": result.test.label,
                    "name": result.test.name,
                    "title": result.test.title,
                    "max_points": result.test.points,
                    "points": result.points,
                    "verdict": result.verdict.value,
                    "message": result.message,
                    "evidence": result.evidence,
                    "output": result.output,
                    "seconds": result.seconds,
                    **_measured(result),
                }
                for result in self.tests
            ],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Result:
        """Inverse of `to_json`; derived figures (score, points) are computed afresh."""
        return cls(
            topic=data["topic"],
            submission_sha256=data["submission_sha256"],
            sandbox=data["sandbox"],
            seconds=data["seconds"],
            tests=tuple(
                TestResult(
                    test=HiddenTest(
                        label=row["label"], name=row["name"], title=row["title"], points=row["max_points"]
                    ),
                    verdict=Verdict(row["verdict"]),
                    message=row["message"],
                    evidence=row["evidence"],
                    output=row["output"],
                    seconds=row["seconds"],
                    measurements=tuple(Measurement(**one) for one in row.get("measurements", [])),
                )
                for row in data["tests"]
            ),
        )


def _measured(result: TestResult) -> dict[str, Any]:
    """Nothing at all in the results of grading."""
    return {"measurements": [asdict(one) for one in result.measurements]} if result.measurements else {}
