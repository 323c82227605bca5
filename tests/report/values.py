"""A small course with results, some of them hostile."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from grader.model.assignment import Assignment, Text
from grader.model.course import Course, Topic, TopicEntry
from grader.model.result import HiddenTest, Result, TestResult
from grader.model.standing import Standing
from grader.model.verdict import Verdict

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOSTILE = "<script>alert('xss')</script>\x1b[31mred\x1b[0m\u202eevil\0 {{ 7*7 }} [bold]loud[/bold] </pre>\n"
BROKEN = 'EVIDENCE-CANARY\n  File "/course/autotests/test_norm.py", line 12, in test_t02_x\nNameError: y'


def topic(slug: str, points: int) -> Topic:
    title = Text(en=f"Title of {slug}", zh=slug)
    work = Assignment(slug=slug, title=title, note=1, points=points, files=(f"{slug}.py",))
    return Topic(root=Path("/nowhere"), assignment=work, due=NOON)


TOPICS = (topic("norm_layers", 5), topic("beam_search", 4))
COURSE = Course(
    id="c",
    title="NLP & notes",
    timezone="Asia/Shanghai",
    topics=tuple(TopicEntry(topic=one.slug) for one in TOPICS),
    root=Path("/nowhere"),
)


def standing(
    student: str,
    *verdicts: Verdict,
    slug: str = "norm_layers",
    received_at: datetime = NOON,
    sandbox: str = "landlock+seccomp",
    message: str = HOSTILE,
    output: str = HOSTILE,
    evidence: str = "",
) -> Standing:
    """The standing of `student` with one test of two points for each verdict, or not judged yet."""
    tests = tuple(
        TestResult(
            test=HiddenTest(label=f"t{index:02d}", name="test_secret_name", title=f"Test {index}.", points=2),
            verdict=verdict,
            message=message,
            evidence=evidence if verdict is Verdict.PASSED else BROKEN,
            output=output,
        )
        for index, verdict in enumerate(verdicts, start=1)
    )
    result = Result(topic=slug, submission_sha256="ab" * 32, tests=tests, sandbox=sandbox)
    return Standing(
        student=student,
        topic=slug,
        submission_sha256="ab" * 32,
        received_at=received_at,
        result=result if tests else None,
    )
