"""One topic put to the proof, for `grader verify`: each question has a function that answers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.cli.content import check_content, judge_spec, public_spec, refuse_stale
from grader.cli.progress import progress
from grader.course.hidden import hidden_tests
from grader.model.course import Topic
from grader.verify.expectations import Expectations, load_expectations
from grader.verify.margins import measure_margins, measured_variants
from grader.verify.margins_table import draw_margins, margins_to_json
from grader.verify.matrix import draw, to_json
from grader.verify.mutants import make_mutants
from grader.verify.prove import Proof, known_submissions, prove
from grader.verify.public import prove_public
from grader.verify.survivors import draw_run, run_mutants, run_to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found, as text and as plain data, and the rules that do not hold."""

    drawn: str
    data: Mapping[str, Any]
    violations: tuple[str, ...]


def checked_expectations(topic: Topic) -> Expectations:
    """What the known submissions must earn. Raises InputError for a topic that cannot be judged at all."""
    check_content(topic)
    refuse_stale(topic)
    labels = {test.label for test in hidden_tests(topic)}
    return load_expectations(topic.solution / "submissions.yaml", labels)


def prove_topic(
    topic: Topic, seeds: Sequence[str], workers: int | None, *, every_test: bool = False
) -> Proof:
    """Content, hidden and public tests of one topic."""
    variants = known_submissions(topic, checked_expectations(topic))
    with progress(f"verify {topic.slug}") as bar:
        bar.start(len(variants))
        proof = prove(
            judge_spec(topic), variants, seeds, every_test=every_test, workers=workers, on_result=bar.step
        )
    public = prove_public(public_spec(topic), variants, workers=workers)
    return replace(proof, violations=(*proof.violations, *public))


def ask_proof(topic: Topic, seeds: Sequence[str], workers: int | None, *, every_test: bool = False) -> Answer:
    """Does every known submission earn what it must?"""
    proof = prove_topic(topic, seeds, workers, every_test=every_test)
    return Answer(drawn=draw(proof), data=to_json(proof), violations=proof.violations)


def ask_mutants(topic: Topic, seeds: Sequence[str], workers: int | None) -> Answer:
    """Do the tests notice small mistakes in the reference? One seed is enough to be caught."""
    declared = checked_expectations(topic).equivalent_mutants
    path = topic.solution / topic.assignment.files[0]
    reference = path.read_text("utf-8")
    mutants = make_mutants(reference, path)
    with progress(f"mutants of {topic.slug}") as bar:
        bar.start(len(mutants))
        run = run_mutants(
            judge_spec(topic), reference, mutants, declared, seeds[0], workers=workers, on_result=bar.step
        )
    return Answer(drawn=draw_run(run), data=run_to_json(run), violations=run.violations)


def ask_margins(topic: Topic, seeds: Sequence[str], workers: int | None) -> Answer:
    """Do the tolerances lie well between right and wrong work?"""
    expectations, spec = checked_expectations(topic), judge_spec(topic)
    variants = measured_variants(spec, known_submissions(topic, expectations))
    with progress(f"margins of {topic.slug}") as bar:
        bar.start(len(variants))
        found = measure_margins(
            spec, variants, expectations.margins, seeds, workers=workers, on_result=bar.step
        )
    return Answer(drawn=draw_margins(found), data=margins_to_json(found), violations=found.violations)
