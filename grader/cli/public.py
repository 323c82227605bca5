"""Judging a student's own work by the public tests, on the student's own machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from grader.errors import InputError
from grader.judge.spec import JudgeSpec, Sandbox
from grader.model.assignment import Assignment
from grader.model.result import Result
from grader.model.submission import Submission


def check_handout(
    folder: Path, assignment: Assignment, files: Mapping[str, bytes], *, portable: bool = False
) -> Result:
    """Results of `test_public.py`, each test against a fresh process of `files`: what `submit` would hand in.

    `portable` runs on any system, without fork and without a wall.
    """
    tests = folder / "test_public.py"
    if not tests.is_file():
        raise InputError("the public tests are missing", path=tests, hint="Unpack the handout again.")
    spec = JudgeSpec(
        assignment=assignment, tests=tests, root=folder, reference=None, sandbox=Sandbox.AVAILABLE
    )
    submission = Submission(topic=assignment.slug, name=str(folder), files=files)
    if portable:
        from grader.judge.portable import judge_portable

        return judge_portable(spec, submission)
    from grader.judge.pool import judge_job

    return judge_job(spec, submission, ["public"])[0]
