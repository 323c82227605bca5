"""The fixture course: its only topic, what to judge it by, and the secret of its data."""

from __future__ import annotations

from pathlib import Path

from grader.course.load import load_course, load_topic
from grader.judge.spec import JudgeSpec, Sandbox

COURSE = Path(__file__).parent / "course"
SECRET = "the secret of a course that nobody takes"


def the_spec() -> JudgeSpec:
    """Behind the whole wall or not at all."""
    topic = load_topic(load_course(COURSE), "target")
    return JudgeSpec(
        assignment=topic.assignment,
        tests=topic.autotests,
        root=COURSE,
        reference=topic.solution / "target.py",
        sandbox=Sandbox.REQUIRED,
    )
