"""What a judge process is told, as plain data and back."""

from __future__ import annotations

from pathlib import Path

from grader.judge.spec import JudgeSpec, Sandbox
from grader.model.assignment import Assignment, Ban, Limits, Text
from grader.wire.codec import decode, encode

FULL = Assignment(
    slug="norm_layers",
    title=Text(en="Norms", zh="归一化"),
    note=6,
    points=26,
    quiz_points=4,
    files=("norm_layers.py", "extra.py"),
    libraries=("numpy", "torch"),
    banned=(Ban(name="torch"), Ban(name="numpy.linalg.*", tests=("t01", "t02"))),
    limits=Limits(call_seconds=2.5, memory_mb=100),
)


def test_there_and_back() -> None:
    """Over the wire, with and without a reference."""
    for reference in (Path("/s/norm_layers.py"), None):
        spec = JudgeSpec(
            assignment=FULL,
            tests=Path("/t"),
            root=Path("/"),
            reference=reference,
            sandbox=Sandbox.AVAILABLE,
            stop_at_first_failure=reference is None,
            measure=reference is not None,
        )
        assert JudgeSpec.from_json(decode(encode(spec.to_json()))) == spec


def test_specs_are_keys() -> None:
    """The pool keeps idle judges by what they judge."""
    one, other = (
        JudgeSpec(assignment=FULL, tests=Path("/t"), root=Path("/"), reference=None, sandbox=Sandbox.NONE)
        for _ in range(2)
    )
    assert {one: 1}[other] == 1
