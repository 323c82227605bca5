"""Grading a topic: what is not yet judged goes through the pool, and each result is kept at once."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from grader.cli.content import judge_spec
from grader.cli.progress import progress
from grader.errors import InputError, MachineError
from grader.files import make_folder
from grader.judge.pool import judge_all
from grader.judge.spec import Sandbox
from grader.judge.version import engine_version
from grader.model.course import Topic
from grader.model.result_key import ResultKey
from grader.model.submission import Submission
from grader.records.store import Records
from grader.sandbox.confine import NoWall, wall_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """What one run of `grade` did for a topic. Counts of submissions by content."""

    topic: str
    judged: int
    known: int
    withheld: int

    def __str__(self) -> str:
        return f"{self.topic}: {self.judged} judged, {self.known} known, {self.withheld} withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grading:
    """How to grade: with which data, behind which wall, by how many judges, and where."""

    secret: str
    sandbox: Sandbox = Sandbox.REQUIRED
    workers: int | None = None
    executor: Executor | None = None


def grade_aloud(topic: Topic, records: Records, how: Grading) -> Graded:
    """Grade a topic under a progress bar, and say what was done."""
    with progress(f"grade {topic.slug}") as bar:
        graded = grade_topic(topic, records, how, on_start=bar.start, on_result=bar.step)
    click.echo(str(graded))
    return graded


def grade_topic(
    topic: Topic,
    records: Records,
    how: Grading,
    *,
    on_start: Callable[[int], None] = lambda total: None,
    on_result: Callable[[], None] = lambda: None,
) -> Graded:
    """Judge every current submission whose result is not known. Resumable: each result is kept as it comes.

    Raises InputError when the reference does not earn full marks, MachineError when the wall cannot stand.
    """
    wanted = {standing.submission_sha256 for standing in records.current_submissions(topic.slug)}
    make_key = _key_maker(topic, how)
    keys = {sha256: make_key(sha256) for sha256 in wanted}
    pending = [sha256 for sha256 in sorted(wanted) if records.result(keys[sha256]) is None]
    on_start(len(pending))
    withheld = 0
    submissions = [records.submission_files(sha256) for sha256 in pending]
    judged = judge_all(
        judge_spec(topic, how.sandbox), submissions, how.secret, workers=how.workers, executor=how.executor
    )
    for submission, result in judged:
        records.add_result(keys[submission.sha256], result)
        withheld += result.score is None
        on_result()
    return Graded(topic=topic.slug, judged=len(pending), known=len(wanted) - len(pending), withheld=withheld)


def _key_maker(topic: Topic, how: Grading) -> Callable[[str], ResultKey]:
    """Everything but the submission is hashed once."""
    try:
        wall = wall_name(how.sandbox.value)
    except NoWall as error:
        hint = "`grader doctor` says more; `--sandbox none` grades without a wall, and marks the results."
        raise MachineError(f"this machine cannot put up the wall: {error}\n  {hint}") from None
    tests = _sha256(_trusted_files(topic))
    version = engine_version(topic.assignment.libraries)
    limits = hashlib.sha256(json.dumps(asdict(topic.assignment), sort_keys=True).encode()).hexdigest()
    data = hashlib.sha256(how.secret.encode()).hexdigest()

    def make_key(submission_sha256: str) -> ResultKey:
        return ResultKey(
            topic=topic.slug,
            tests_sha256=tests,
            submission_sha256=submission_sha256,
            grader_version=version,
            limits_sha256=limits,
            data_sha256=data,
            sandbox=wall,
        )

    return make_key


def _trusted_files(topic: Topic) -> Iterable[Path]:
    """Hidden tests, oracle and reference."""
    yield from sorted(topic.autotests.glob("*.py"))
    yield from (topic.solution / name for name in topic.assignment.files)


def _sha256(paths: Iterable[Path]) -> str:
    files = {f"{number}/{path.name}": path.read_bytes() for number, path in enumerate(paths)}
    return Submission(topic="", name="", files=files).sha256


def state_folder(root: Path) -> Path:
    """Where a course keeps its records and its secret: `.grader/`, readable to its owner only."""
    folder = root / ".grader"
    make_folder(folder, mode=0o700)
    return folder


def course_secret(folder: Path) -> str:
    """The secret that the graders' random data is derived from; made on first use."""
    path = folder / "secret"
    if not path.exists():
        _make_secret(path)
    secret = path.read_text("ascii", "replace").strip()
    if len(secret) < 32:
        hint = "Restore it from a backup; results judged with another secret do not compare."
        raise InputError("the course's secret is damaged", path=path, hint=hint)
    return secret


def _make_secret(path: Path) -> None:
    """Written aside, then given its name: never half of one, never over that of another first run."""
    draft = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with open(draft, "x", opener=_private) as file:
            file.write(secrets.token_hex(32) + "\n")
        _name_once(draft, path)
    except OSError as error:
        raise MachineError(f"{path}: cannot write: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)


def _name_once(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    except OSError:  # a file system without links, where two first runs at once are not told apart
        os.replace(draft, path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
