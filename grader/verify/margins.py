"""The margins of a topic's tolerances: how close right work comes to them, and wrong work.

accepted    the largest error of the reference and the accepted submissions, also with two threads, that an
            assertion saw: at most a tenth of the tolerance
caught      the smallest error that a wrong submission failed the assertion with: at least ten tolerances

Errors are fractions of the tolerance, max |actual - expected| / (atol + rtol |expected|). An assertion that
no wrong submission fails has no second figure: that every test catches something is for the proof to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.judge.pool import judge_all_under
from grader.judge.spec import JudgeSpec
from grader.model.result import Measurement, Result
from grader.verify.assertion_keys import key_of, read_lines
from grader.verify.prove import Kind, Variant, as_submission
from grader.verify.reach import read_reach

MOST_ACCEPTED, LEAST_CAUGHT = 0.1, 10.0
# At the end of the module: `from __future__` must stand first. The pool of threads is the child's own.
TWO_THREADS = "\nimport torch as _torch_of_margins\n_torch_of_margins.set_num_threads(2)\n"
RIGHT = (Kind.REFERENCE, Kind.ACCEPTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One assertion as one submission met it."""

    by: str
    measurement: Measurement

    @property
    def error(self) -> float:
        """As a fraction of the tolerance."""
        return self.measurement.error


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """One assertion between the nearest right and the nearest wrong answer; None where there was none."""

    key: str
    accepted: Seen | None
    caught: Seen | None

    @property
    def shown(self) -> Measurement:
        """The place and the tolerance."""
        seen = self.accepted or self.caught
        assert seen is not None
        return seen.measurement


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """All numeric assertions of a topic, by test and line."""

    topic: str
    seeds: tuple[str, ...]
    margins: tuple[Margin, ...]
    violations: tuple[str, ...]


def measured_variants(spec: JudgeSpec, variants: Sequence[Variant]) -> tuple[Variant, ...]:
    """The variants to measure: all but the stub, and the right ones of a torch topic with two threads too."""
    measured = [variant for variant in variants if variant.kind is not Kind.STUB]
    if "torch" in spec.assignment.libraries:
        measured += [
            replace(variant, name=f"{variant.name} (2 threads)", source=variant.source + TWO_THREADS)
            for variant in measured
            if variant.kind in RIGHT
        ]
    return tuple(measured)


def measure_margins(
    spec: JudgeSpec,
    variants: Sequence[Variant],
    declared: Mapping[str, str],
    seeds: Sequence[str],
    *,
    workers: int | None = None,
    on_result: Callable[[], None] = lambda: None,
) -> Margins:
    """Judge every variant under every seed. `declared`: why some margins are narrow, by key.

    Raises InputError when the reference does not earn full marks.
    """
    lines, reach = read_lines(spec.tests), read_reach(spec.tests, variants[0].source)
    wrong = [variant for variant in variants if variant.kind is Kind.WRONG]
    only = {variant.name: reach.tests_to_run(variant.source) for variant in wrong}
    measured = replace(spec, measure=True)
    kinds = {variant.name: variant.kind for variant in variants}
    seen: dict[str, dict[bool, list[Seen]]] = {}  # by key, and whether the work is right
    submissions = [as_submission(spec, variant.name, variant.source) for variant in variants]
    for submission, results in judge_all_under(measured, submissions, seeds, workers=workers, only=only):
        right = kinds[submission.name] in RIGHT
        for label, one in (pair for result in results for pair in _measurements(result)):
            both = seen.setdefault(key_of(label, (one.file, one.line), lines), {True: [], False: []})
            both[right].append(Seen(by=submission.name, measurement=one))
        on_result()
    margins = tuple(sorted((_margin(key, both) for key, both in seen.items()), key=_place))
    return Margins(
        topic=spec.assignment.slug,
        seeds=tuple(seeds),
        margins=margins,
        violations=tuple(_violations(margins, declared)),
    )


def _measurements(result: Result) -> Iterator[tuple[str, Measurement]]:
    for test in result.tests:
        for measurement in test.measurements:
            yield test.test.label, measurement


def _margin(key: str, seen: Mapping[bool, Sequence[Seen]]) -> Margin:
    failed = [one for one in seen[False] if one.error > 1]
    return Margin(
        key=key,
        accepted=max(seen[True], key=lambda one: one.error, default=None),
        caught=min(failed, key=lambda one: one.error, default=None),
    )


def _place(margin: Margin) -> tuple[str, str, int]:
    return margin.key.partition(".")[0], margin.shown.file, margin.shown.line


def _violations(margins: Sequence[Margin], declared: Mapping[str, str]) -> Iterator[str]:
    for margin in margins:
        narrow = list(_narrow(margin))
        if margin.key not in declared:
            yield from narrow
        elif not narrow:
            yield f"margins: {margin.key} is wide enough; remove it from submissions.yaml"
    for key in declared:
        if key not in {margin.key for margin in margins}:
            yield f"margins: there is no assertion {key} any more; remove it from submissions.yaml"


def _narrow(margin: Margin) -> Iterator[str]:
    where = f"{margin.key} ({margin.shown.file}:{margin.shown.line})"
    if margin.accepted is not None and margin.accepted.error > MOST_ACCEPTED:
        much = f"{margin.accepted.by} comes to {margin.accepted.error:.2g} of the tolerance"
        yield f"{where}: {much}, where at most {MOST_ACCEPTED:g} leaves room for another machine"
    if margin.caught is not None and margin.caught.error < LEAST_CAUGHT:
        little = f"{margin.caught.by} is caught by {margin.caught.error:.2g} times the tolerance only"
        yield f"{where}: {little}, where {LEAST_CAUGHT:g} times is a clear difference"
