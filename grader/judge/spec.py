"""What a judge process needs to know: one assignment, its tests, its reference, and which wall is asked
for."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from grader.model.assignment import Assignment, Ban, Limits, Text


class Sandbox(Enum):
    """`REQUIRED` grades only behind the whole wall; `AVAILABLE` takes what stands; `NONE` is spelled out by a
    person."""

    REQUIRED = "required"
    AVAILABLE = "available"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeSpec:
    """One judge. `reference` is None for public tests, which have none and carry no points.

    `stop_at_first_failure` is for `verify`, which asks only whether a mutant fails at all: once a test has
    failed by the student's fault, the others are not run, and count as broken, so that there is no score.
    `measure` is for `verify` too: the results say how far each numeric assertion was from its tolerance.
    """

    assignment: Assignment
    tests: Path  # a file, or a folder of test_*.py
    root: Path
    reference: Path | None
    sandbox: Sandbox
    stop_at_first_failure: bool = False
    measure: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain data for the judge process; `from_json` is its inverse."""
        return {
            "assignment": asdict(self.assignment),
            "tests": str(self.tests),
            "root": str(self.root),
            "reference": None if self.reference is None else str(self.reference),
            "sandbox": self.sandbox.value,
            "stop_at_first_failure": self.stop_at_first_failure,
            "measure": self.measure,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> JudgeSpec:
        """Inverse of `to_json`."""
        given = data["assignment"]
        assignment = Assignment(
            **{
                **given,
                "title": Text(**given["title"]),
                "files": tuple(given["files"]),
                "given": tuple(given["given"]),
                "libraries": tuple(given["libraries"]),
                "banned": tuple(Ban(name=ban["name"], tests=tuple(ban["tests"])) for ban in given["banned"]),
                "limits": Limits(**given["limits"]),
            }
        )
        reference = data["reference"]
        return cls(
            assignment=assignment,
            tests=Path(data["tests"]),
            root=Path(data["root"]),
            reference=None if reference is None else Path(reference),
            sandbox=Sandbox(data["sandbox"]),
            stop_at_first_failure=data["stop_at_first_failure"],
            measure=data["measure"],
        )
