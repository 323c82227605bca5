"""A proof as a table, tests by submissions, and as plain data."""

from __future__ import annotations

from typing import Any

from grader.model.verdict import Verdict
from grader.verify.prove import Kind, Proof, Row

MARKS = {
    Verdict.PASSED: "·",
    Verdict.WRONG: "W",
    Verdict.RAISED: "R",
    Verdict.NOT_IMPLEMENTED: "N",
    Verdict.MISSING: "M",
    Verdict.TIMED_OUT: "T",
    Verdict.OUT_OF_MEMORY: "O",
    Verdict.OUTPUT_LIMIT: "L",
    Verdict.CRASHED: "C",
    Verdict.BAD_REPLY: "Y",
    Verdict.BANNED: "B",
    Verdict.TEST_ERROR: "E",
    Verdict.SANDBOX_ERROR: "S",
}
VARIES = "~"
LEGEND = (
    "· passed  W wrong  R raised  N not implemented  M missing  T timed out  O out of memory  C crashed\n"
    "L printed too much  Y bad reply  B banned  E test error  S sandbox error  ~ differs between seeds"
)


def mark(verdicts: tuple[Verdict, ...]) -> str:
    """One letter for a cell; failing in different ways under different seeds deserves no mark of its own."""
    marks = [MARKS[verdict] for verdict in verdicts]
    passed = [verdict is Verdict.PASSED for verdict in verdicts]
    return marks[0] if len(set(passed)) == 1 else VARIES


def draw(proof: Proof) -> str:
    """The matrix: a row for each submission, a column for each hidden test."""
    width = max(len(_name(row)) for row in proof.rows)
    cell = max(len(label) for label in proof.labels) + 1
    lines = [f"{proof.topic}: {proof.points} points, seeds {', '.join(proof.seeds)}"]
    lines.append(" " * width + "".join(label.rjust(cell) for label in proof.labels))
    for row in proof.rows:
        cells = "".join(mark(row.verdicts[label]).rjust(cell) for label in proof.labels)
        lines.append(f"{_name(row).ljust(width)}{cells}")
    lines.append(LEGEND)
    return "\n".join(lines)


def to_json(proof: Proof) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "topic": proof.topic,
        "points": proof.points,
        "seeds": list(proof.seeds),
        "tests": list(proof.labels),
        "rows": [
            {
                "name": row.variant.name,
                "kind": row.variant.kind.value,
                "must_fail": sorted(row.variant.must_fail),
                "may_fail": sorted(row.variant.may_fail),
                "seconds": row.seconds,
                "verdicts": {label: [v.value for v in verdicts] for label, verdicts in row.verdicts.items()},
            }
            for row in proof.rows
        ],
        "violations": list(proof.violations),
    }


def _name(row: Row) -> str:
    kind = row.variant.kind
    return row.variant.name if kind in (Kind.REFERENCE, Kind.STUB) else f"{kind.value}/{row.variant.name}"
