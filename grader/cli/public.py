"""Judging a student's own work by the public tests, on the student's own machine."""

from __future__ import annotations

from pathlib import Path

from grader.errors import InputError
from grader.judge.pool import judge_job
from grader.judge.spec import JudgeSpec, Sandbox
from grader.model.assignment import Assignment
from grader.model.result import Result
from grader.model.submission import Submission


def check_handout(folder: Path, assignment: Assignment) -> Result:
    """Results of `test_public.py`, each test against a fresh process of the student's module."""
    files = {}
    for name in assignment.files:
        path = folder / name
        if not path.is_file():
            hint = f"`grader submit` hands in {', '.join(assignment.files)}; keep these names."
            raise InputError("the file is missing", path=path, hint=hint)
        files[name] = path.read_bytes()
    # A helper file beside the module is honest, and importable as it would be in a script's folder.
    for path in sorted(folder.glob("*.py")):
        if path.name not in ("conftest.py", "test_public.py"):
            files.setdefault(path.name, path.read_bytes())
    spec = JudgeSpec(
        assignment=assignment,
        tests=folder / "test_public.py",
        root=folder,
        reference=None,
        sandbox=Sandbox.AVAILABLE,
    )
    submission = Submission(topic=assignment.slug, name=str(folder), files=files)
    return judge_job(spec, submission, secret="public")
