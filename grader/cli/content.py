"""A topic on its way to the judge: checked first, then turned into what a judge process needs."""

from __future__ import annotations

from grader.course.check import check_topic
from grader.course.contents import PUBLIC_TESTS
from grader.diagnostics import Diagnostics, Severity
from grader.errors import InputError
from grader.judge.spec import JudgeSpec, Sandbox
from grader.model.course import Topic
from grader.release.build import stale_files


def check_content(topic: Topic) -> None:
    """Refuse a topic that `course/check` finds fault with. Raises InputError with every finding."""
    diagnostics = Diagnostics()
    check_topic(topic, diagnostics)
    errors = [
        finding.without_severity for finding in diagnostics.findings if finding.severity is Severity.ERROR
    ]
    if errors:
        hint = "Nothing was done. `docs/writing-an-assignment.md` has the rules."
        raise InputError("\n  ".join(errors), hint=hint)


def judge_spec(topic: Topic, sandbox: Sandbox = Sandbox.REQUIRED) -> JudgeSpec:
    """The judge of a topic's hidden tests."""
    return JudgeSpec(
        assignment=topic.assignment,
        tests=topic.autotests,
        root=topic.root,
        reference=topic.solution / topic.assignment.files[0],
        sandbox=sandbox,
    )


def public_spec(topic: Topic) -> JudgeSpec:
    """The judge of a topic's public tests, which have no reference and no points."""
    return JudgeSpec(
        assignment=topic.assignment,
        tests=topic.handout / PUBLIC_TESTS,
        root=topic.root,
        reference=None,
        sandbox=Sandbox.REQUIRED,
    )


def refuse_stale(topic: Topic) -> None:
    """Refuse a topic whose stub or public quiz is not what `grader build` would make. Raises InputError."""
    stale = stale_files(topic)
    if stale:
        hint = f"Run `grader build {topic.slug}`."
        raise InputError("missing, or out of step with the solution", path=stale[0], hint=hint)
