"""A topic on its way to the judge: checked first, then turned into what a judge process needs."""

from __future__ import annotations

from grader.course.check import check_topic
from grader.diagnostics import Diagnostics, Severity
from grader.errors import InputError
from grader.judge.spec import JudgeSpec, Sandbox
from grader.model.course import Topic


def check_content(topic: Topic) -> None:
    """Refuse a topic that `course/check` finds fault with. Raises InputError with every finding."""
    diagnostics = Diagnostics()
    check_topic(topic, diagnostics)
    errors = [str(finding) for finding in diagnostics.findings if finding.severity is Severity.ERROR]
    if errors:
        raise InputError("\n".join(errors), hint="Nothing was done. `docs/writing-an-assignment.md` has the rules.")


def judge_spec(topic: Topic, sandbox: Sandbox = Sandbox.REQUIRED) -> JudgeSpec:
    """The judge of a topic's hidden tests."""
    return JudgeSpec(
        assignment=topic.assignment,
        tests=topic.autotests,
        root=topic.root,
        reference=topic.solution / topic.assignment.files[0],
        sandbox=sandbox,
    )
