"""`grader demo`: a newcomer's first minute. A whole class, from handout to report, on the course's real road."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, workers_option

if TYPE_CHECKING:  # annotations only: nothing heavy for `--help`
    from grader.model.course import Topic

MARKER = ".made-by-grader-demo"


@click.command()
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo"),
    show_default=True,
    help="Where to play; made anew each time.",
)
@workers_option
@course_option
def demo(folder: Path, workers: int | None, course_folder: Path) -> int:
    """Play a whole class, from handout to report.

    Packages every topic of the course, has a class of 48 hand in right, wrong, empty and hostile work, collects it,
    grades it behind the wall, and writes the report. Nothing outside the folder is touched.

    \b
    Example:
        grader demo --to demo
    """
    from grader.cli.grading import grade_topic
    from grader.cli.progress import progress
    from grader.cli.report import show
    from grader.collect.inbox import collect
    from grader.course.load import find_root, load_course, load_topics
    from grader.diagnostics import Diagnostics
    from grader.files import visible
    from grader.records.store import Records
    from grader.release.publish import package_topic

    course = load_course(find_root(course_folder))
    topics = load_topics(course)
    _clear(folder)
    _say("1  package what students receive")
    for topic in topics:
        click.echo(f"   {package_topic(topic, folder / 'bundles')}")
    _say("2  a class hands in")
    click.echo(f"   {_hand_in(topics, folder / 'inbox')} files in {folder / 'inbox'}")
    _say("3  collect")
    diagnostics = Diagnostics()
    assignments = {topic.slug: topic.assignment for topic in topics}
    with Records.open(folder / "records.sqlite") as records:
        for one in collect(folder / "inbox", assignments, diagnostics):
            records.add_submission(
                one.submission, student=one.student, received_at=one.received_at, source_name=one.source_name
            )
        for finding in diagnostics.findings:
            click.echo(f"   {visible(str(finding), 300)}")
        _say("4  grade behind the wall")
        withheld = 0
        for topic in topics:
            with progress(f"   {topic.slug}") as bar:
                graded = grade_topic(
                    topic, records, "demo", workers=workers, on_start=bar.start, on_result=bar.step
                )
            withheld += graded.withheld
            click.echo(f"   {topic.slug}: {graded.judged} different submissions judged, {graded.withheld} withheld")
        _say("5  report")
        index = show(course, topics, records, folder / "report")
    click.echo(f"\nOpen {index} in a browser.")
    return 1 if withheld else 0


def _say(step: str) -> None:
    click.secho(step, bold=True)
    sys.stdout.flush()


def _hand_in(topics: Sequence[Topic], inbox: Path) -> int:
    """Every student's work for every topic by `grader submit`'s own road, and two archives that are refused."""
    from grader.cli.demo_class import play
    from grader.collect.submit import make_submission
    from grader.verify.expectations import load_expectations
    from grader.verify.prove import known_submissions

    for topic in topics:
        expectations = load_expectations(topic.solution / "submissions.yaml")
        for hand_in in play(known_submissions(topic, expectations)):
            with TemporaryDirectory(dir=inbox.parent) as work:
                (Path(work) / topic.assignment.files[0]).write_text(hand_in.source, "utf-8")
                make_submission(Path(work), topic.assignment, hand_in.student, inbox)
    (inbox / f"{topics[0].slug}-zed.zip").write_bytes(b"PK\x03\x04 and then nothing")
    (inbox / f"{topics[0].slug}-zoe.zip").write_bytes(_climbing_archive(topics[0].assignment.files[0]))
    return sum(1 for path in inbox.iterdir() if path.suffix == ".zip")


def _climbing_archive(name: str) -> bytes:
    """A zip whose one file wants to lie outside the folder that it is unpacked to."""
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"../../{name}", "import os\n")
    return buffer.getvalue()


def _clear(folder: Path) -> None:
    """Start from nothing, but never delete a folder that is not ours."""
    from grader.errors import InputError

    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARKER).exists():
            hint = "Name another folder: `grader demo --to FOLDER`."
            raise InputError("the folder is not empty, and not of an earlier demo", path=folder, hint=hint)
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).touch()
