"""The test of the public tests: right work passes them all, the stub passes none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.judge.pool import judge_all
from grader.judge.spec import JudgeSpec
from grader.model.result import TestResult
from grader.model.verdict import Verdict
from grader.verify.prove import Kind, Variant, as_submission

DUE = {
    Kind.REFERENCE: Verdict.PASSED,
    Kind.ACCEPTED: Verdict.PASSED,
    Kind.STUB: Verdict.NOT_IMPLEMENTED,
}


def prove_public(
    spec: JudgeSpec, variants: Sequence[Variant], *, workers: int | None = None
) -> tuple[str, ...]:
    """Every rule that the public tests break, in words. `spec` is that of `test_public.py`."""
    judged = {variant.name: variant for variant in variants if variant.kind in DUE}
    submissions = [as_submission(spec, name, variant.source) for name, variant in judged.items()]
    violations: list[str] = []
    for submission, result in judge_all(spec, submissions, "public", workers=workers):
        violations += _violations(judged[submission.name], result.tests)
    return tuple(sorted(violations))


def _violations(variant: Variant, tests: Sequence[TestResult]) -> Iterator[str]:
    due = DUE[variant.kind]
    for test in tests:
        if test.verdict is not due:
            detail = f"public {test.test.name}, {variant.kind.value} {variant.name}: {test.verdict.value}"
            yield f"{detail}, where {due.value} is due ({test.message[:300]})"
