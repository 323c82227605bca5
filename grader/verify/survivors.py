"""The mutation run of a topic: each mutant of its reference through the judge, which ones live, and why.

killed        some hidden test failed by the fault of the mutant
survivor      all tests that reach it passed: a gap in them, or a mutant that means the same as the reference
equivalent    a survivor declared in submissions.yaml, with the reason why no test could tell it
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.judge.pool import judge_all, judge_all_under
from grader.judge.spec import JudgeSpec
from grader.model.result import Result
from grader.model.verdict import Blame, Verdict
from grader.verify.mutants import Mutant
from grader.verify.prove import as_submission
from grader.verify.reach import read_reach

LEAST_PERCENT = 95.0
# A mutant may loop for ever: it gets a few times what the reference needs, not the patience that a student
# gets on a slow machine. One that was only too slow is tried again when nothing else runs.
LEAST_CALL_SECONDS, LEAST_TEST_SECONDS, TIMES_SLOWER = 3.0, 10.0, 5.0
PATIENCE = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MutationRun:
    """What became of a topic's mutants. `equivalent` are the declared ones that did survive."""

    topic: str
    mutants: int
    killed: int
    equivalent: int
    survivors: tuple[Mutant, ...]  # undeclared
    violations: tuple[str, ...]

    @property
    def percent(self) -> float:
        """Killed, of those that a test could kill."""
        return _percent(self.killed, self.mutants - self.equivalent)


def run_mutants(
    spec: JudgeSpec,
    reference: str,
    mutants: Sequence[Mutant],
    declared: Mapping[str, str],
    seed: str,
    *,
    workers: int | None = None,
    on_result: Callable[[], None] = lambda: None,
) -> MutationRun:
    """Judge every mutant of `reference` under one seed. `declared`: why some are equivalent, by id.

    Raises InputError when the reference does not earn full marks.
    """
    results: dict[str, Result] = {}
    slowest = _slowest_test(spec, reference, seed)
    quick, patient = _hurried(spec, slowest, 1.0), _hurried(spec, slowest, PATIENCE)
    submissions = [as_submission(spec, mutant.id, mutant.source) for mutant in mutants]
    reach = read_reach(spec.tests, reference)
    only = {mutant.id: reach.tests_to_run(mutant.source) for mutant in mutants}
    for submission, (result,) in judge_all_under(quick, submissions, [seed], workers=workers, only=only):
        results[submission.name] = result
        on_result()
    late = [submission for submission in submissions if _is_only_late(results[submission.name])]
    for submission, (result,) in judge_all_under(patient, late, [seed], workers=1, only=only):
        results[submission.name] = result
    return _run(spec.assignment.slug, mutants, declared, results)


def _slowest_test(spec: JudgeSpec, reference: str, seed: str) -> float:
    """Seconds that the reference takes for it."""
    ((_, result),) = judge_all(spec, [as_submission(spec, "reference", reference)], seed, workers=1)
    return max(test.seconds for test in result.tests)


def _hurried(spec: JudgeSpec, slowest: float, patience: float) -> JudgeSpec:
    """A judge that loses no time over a mutant: it ends at the first failure, and an endless loop soon."""
    given, enough = spec.assignment.limits, TIMES_SLOWER * slowest
    limits = replace(
        given,
        call_seconds=min(given.call_seconds, patience * max(LEAST_CALL_SECONDS, enough)),
        test_seconds=min(given.test_seconds, patience * max(LEAST_TEST_SECONDS, enough)),
    )
    return replace(spec, assignment=replace(spec.assignment, limits=limits), stop_at_first_failure=True)


def _is_only_late(result: Result) -> bool:
    """Killed by the clock, which other processes wind up too."""
    failed = {test.verdict for test in result.tests if test.verdict.blame is Blame.STUDENT}
    return failed == {Verdict.TIMED_OUT}


def _run(
    topic: str, mutants: Sequence[Mutant], declared: Mapping[str, str], results: Mapping[str, Result]
) -> MutationRun:
    alive = [mutant for mutant in mutants if not _is_killed(results[mutant.id])]
    survivors = tuple(mutant for mutant in alive if mutant.id not in declared)
    run = MutationRun(
        topic=topic,
        mutants=len(mutants),
        killed=len(mutants) - len(alive),
        equivalent=len(alive) - len(survivors),
        survivors=survivors,
        violations=(
            *_misdeclared(declared, mutants, alive),
            *(text for mutant in mutants for text in _broken(mutant, results[mutant.id])),
        ),
    )
    if run.percent >= LEAST_PERCENT:
        return run
    too_few = f"{run.percent:.1f} % of the mutants are killed, {LEAST_PERCENT:g} % must be"
    return replace(run, violations=(too_few, *run.violations))


def _is_killed(result: Result) -> bool:
    return any(test.verdict.blame is Blame.STUDENT for test in result.tests)


def _misdeclared(
    declared: Mapping[str, str], mutants: Sequence[Mutant], alive: Sequence[Mutant]
) -> Iterator[str]:
    known, living = {mutant.id for mutant in mutants}, {mutant.id for mutant in alive}
    for name in declared:
        if name not in known:
            yield f"equivalent_mutants: there is no mutant {name} any more; remove it from submissions.yaml"
        elif name not in living:
            yield f"equivalent_mutants: {name} is killed, so it is not equivalent; remove it"


def _broken(mutant: Mutant, result: Result) -> Iterator[str]:
    """What went wrong on our side before the mutant was killed: a test must not choke on a wrong answer."""
    for test in result.tests:
        if test.verdict.blame is Blame.STUDENT:
            return
        if test.verdict.blame is not Blame.NOBODY:
            detail = f"mutant {mutant.id} (line {mutant.line}), {test.test.label}: {test.verdict.value}"
            yield f"{detail}, which is our fault ({test.message[:300]})"


def _percent(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 100.0


def draw_run(run: MutationRun) -> str:
    """The figures, and each survivor with what it changes."""
    judged = f"{run.topic}: {run.mutants} mutants, {run.killed} killed, {run.equivalent} declared equivalent"
    lines = [f"{judged}: {run.percent:.1f} %"]
    for mutant in run.survivors:
        lines.append(f"survived: {mutant.id}, line {mutant.line}, {mutant.function} ({mutant.mutation})")
        lines += [f"      {mutant.before}", f"   -> {mutant.after}"]
    return "\n".join(lines)


def run_to_json(run: MutationRun) -> dict[str, Any]:
    """The same as plain data."""
    shown = ("id", "line", "function", "mutation", "before", "after")
    return {
        "mutants": run.mutants,
        "killed": run.killed,
        "equivalent": run.equivalent,
        "percent": round(run.percent, 2),
        "survivors": [{name: getattr(mutant, name) for name in shown} for mutant in run.survivors],
        "violations": list(run.violations),
    }
