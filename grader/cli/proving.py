"""One topic put to the proof, for `grader verify`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grader.cli.content import check_content, judge_spec, public_spec, refuse_stale
from grader.cli.progress import progress
from grader.course.hidden import hidden_tests
from grader.model.course import Topic
from grader.verify.expectations import load_expectations
from grader.verify.prove import Proof, known_submissions, prove
from grader.verify.public import prove_public


def prove_topic(topic: Topic, seeds: Sequence[str], workers: int | None) -> Proof:
    """Content, hidden and public tests of one topic. Raises InputError for what cannot be judged at all."""
    check_content(topic)
    refuse_stale(topic)
    labels = {test.label for test in hidden_tests(topic)}
    variants = known_submissions(topic, load_expectations(topic.solution / "submissions.yaml", labels))
    with progress(f"verify {topic.slug}") as bar:
        bar.start(len(variants) * len(seeds))
        proof = prove(judge_spec(topic), variants, seeds, workers=workers, on_result=bar.step)
    public = prove_public(public_spec(topic), variants, workers=workers)
    return replace(proof, violations=(*proof.violations, *public))
