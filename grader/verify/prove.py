"""The test of the tests: every known submission of a topic through the judge, under several seeds.

reference, accepted    full marks
stub                   0 points, every test NOT_IMPLEMENTED
wrong                  fails all of must_fail and nothing outside must_fail + may_fail
every hidden test      is failed by at least one wrong submission
every verdict          the same under all seeds, but for tests in may_fail

Every test of every submission has a process of its own, which serves it under all the seeds.

A test that does not reach what a wrong submission changed is not run again: it passes as the reference does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from grader.judge.pool import judge_all_under
from grader.judge.spec import JudgeSpec
from grader.model.course import Topic
from grader.model.result import Result, TestResult
from grader.model.submission import Submission
from grader.model.verdict import Blame, Verdict
from grader.verify.expectations import Expectations
from grader.verify.overlay import apply_overlay
from grader.verify.reach import Reach, read_reach

SEEDS = ("verify-1", "verify-2", "verify-3")


class Kind(Enum):
    """What a known submission is."""

    REFERENCE = "reference"
    STUB = "stub"
    ACCEPTED = "accepted"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A submission whose verdict is known. Labels of tests, as in `t01`."""

    name: str
    kind: Kind
    source: str
    must_fail: frozenset[str] = frozenset()
    may_fail: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One variant judged: verdicts by label, one for each seed, and the slowest run in seconds."""

    variant: Variant
    verdicts: dict[str, tuple[Verdict, ...]]
    messages: dict[str, str]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Everything that `verify` saw of one topic. No violations: the graders are right."""

    topic: str
    labels: tuple[str, ...]
    seeds: tuple[str, ...]
    points: int
    rows: tuple[Row, ...]
    violations: tuple[str, ...]


def known_submissions(topic: Topic, expectations: Expectations) -> tuple[Variant, ...]:
    """Reference, stub, accepted and wrong submissions, in this order.

    Raises InputError for a broken overlay, or a file that is missing or no text.
    """
    module = topic.assignment.files[0]
    reference = (topic.solution / module).read_text("utf-8")
    variants = [
        Variant(name="reference", kind=Kind.REFERENCE, source=reference),
        Variant(name="stub", kind=Kind.STUB, source=(topic.handout / module).read_text("utf-8")),
    ]
    for name in expectations.accepted:
        source = (topic.solution / "accepted" / f"{name}.py").read_text("utf-8")
        variants.append(Variant(name=name, kind=Kind.ACCEPTED, source=source))
    for name, expected in expectations.wrong.items():
        path = topic.solution / "wrong" / f"{name}.py"
        variants.append(
            Variant(
                name=name,
                kind=Kind.WRONG,
                source=apply_overlay(reference, path.read_text("utf-8"), str(path)),
                must_fail=frozenset(expected.must_fail),
                may_fail=frozenset(expected.may_fail),
            )
        )
    return tuple(variants)


def prove(
    spec: JudgeSpec,
    variants: Sequence[Variant],
    seeds: Sequence[str] = SEEDS,
    *,
    every_test: bool = False,
    workers: int | None = None,
    on_result: Callable[[], None] = lambda: None,
) -> Proof:
    """Judge every variant under every seed and hold the verdicts against the rules.

    `every_test` also runs the tests that do not reach what a wrong submission changed. `on_result` is called
    after each judgement, to tick a progress bar.
    """
    reach = read_reach(spec.tests, variants[0].source)
    wrong = [variant for variant in variants if variant.kind is Kind.WRONG]
    only = {} if every_test else {variant.name: _tests_to_run(variant, reach) for variant in wrong}
    results: dict[str, Sequence[Result]] = {}
    # The longest first, so that at the end no judge waits for another.
    longest_first = sorted(
        variants, key=lambda variant: len(only.get(variant.name, reach.names)), reverse=True
    )
    submissions = [as_submission(spec, variant.name, variant.source) for variant in longest_first]
    for submission, under in judge_all_under(spec, submissions, seeds, workers=workers, only=only):
        results[submission.name] = under
        on_result()
    reference = results[variants[0].name]
    rows = tuple(_row(variant, results[variant.name], reference) for variant in variants)
    first = reference[0]
    labels = tuple(test.test.label for test in first.tests)
    return Proof(
        topic=spec.assignment.slug,
        labels=labels,
        seeds=tuple(seeds),
        points=first.max_score,
        rows=rows,
        violations=(*_violations(rows, labels), *_point_violations(spec, first)),
    )


def _tests_to_run(variant: Variant, reach: Reach) -> tuple[str, ...]:
    failing = {label.partition("[")[0] for label in variant.must_fail | variant.may_fail}
    must_pass = [name for name in reach.names if name.split("_")[1] not in failing]
    return reach.tests_to_run(variant.source, must_pass)


def as_submission(spec: JudgeSpec, name: str, source: str) -> Submission:
    """One module as a student would hand it in."""
    files = {spec.assignment.files[0]: source.encode()}
    return Submission(topic=spec.assignment.slug, name=name, files=files)


def _row(variant: Variant, results: Sequence[Result], reference: Sequence[Result]) -> Row:
    """`reference` fills in what was not run."""
    tests = [_by_label(theirs) | _by_label(own) for theirs, own in zip(reference, results, strict=True)]
    verdicts, messages = {}, {}
    for label in tests[0]:
        runs = [seed[label] for seed in tests]
        verdicts[label] = tuple(run.verdict for run in runs)
        failed = [run for run in runs if run.verdict is not Verdict.PASSED]
        messages[label] = failed[0].message if failed else ""
    return Row(
        variant=variant,
        verdicts=verdicts,
        messages=messages,
        seconds=max(result.seconds for result in results),
    )


def _by_label(result: Result) -> dict[str, TestResult]:
    return {test.test.label: test for test in result.tests}


def _violations(rows: Iterable[Row], labels: Sequence[str]) -> Iterator[str]:
    rows = list(rows)
    for row in rows:
        yield from _row_violations(row)
    for label in labels:
        catchers = (row for row in rows if row.variant.kind is Kind.WRONG and label in row.variant.must_fail)
        if not any(Verdict.PASSED not in row.verdicts[label] for row in catchers):
            yield f"{label} is failed by no wrong submission: what does it catch?"


def _row_violations(row: Row) -> Iterator[str]:
    variant = row.variant
    for label, verdicts in row.verdicts.items():
        seen = "/".join(sorted({verdict.value for verdict in verdicts}))
        detail = f"{variant.kind.value} {variant.name}, {label}: {seen}"
        if any(verdict.blame in (Blame.STAFF, Blame.MACHINE) for verdict in verdicts):
            yield f"{detail}, which is our fault ({row.messages[label][:300]})"
        elif variant.kind in (Kind.REFERENCE, Kind.ACCEPTED) and seen != Verdict.PASSED.value:
            yield f"{detail}, where full marks are due ({row.messages[label][:300]})"
        elif variant.kind is Kind.STUB and seen != Verdict.NOT_IMPLEMENTED.value:
            yield f"{detail}, where the stub must be NOT_IMPLEMENTED"
        elif variant.kind is Kind.WRONG:
            yield from _wrong_violations(variant, label, verdicts, detail)


def _wrong_violations(
    variant: Variant, label: str, verdicts: Sequence[Verdict], detail: str
) -> Iterator[str]:
    passed = [verdict is Verdict.PASSED for verdict in verdicts]
    if label in variant.must_fail and any(passed):
        yield f"{detail}, where it must fail"
    elif label not in variant.must_fail | variant.may_fail and not all(passed):
        yield f"{detail}, where it must pass"


def _point_violations(spec: JudgeSpec, result: Result) -> Iterator[str]:
    if result.max_score != spec.assignment.points:
        declared = spec.assignment.points
        yield f"the hidden tests carry {result.max_score} points, assignment.yaml says {declared}"
