"""The five steps of `grader demo`, each by the very road that a course takes."""

from __future__ import annotations

import io
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from grader.cli.content import check_content
from grader.cli.demo_class import play
from grader.cli.grading import Grading, grade_topic
from grader.cli.progress import progress
from grader.cli.report import marked_standings, show
from grader.collect.inbox import collect
from grader.collect.submit import make_submission
from grader.diagnostics import Diagnostics
from grader.errors import InputError
from grader.files import make_folder, visible
from grader.model.course import Course, Topic
from grader.records.store import Records
from grader.release.publish import package_topic
from grader.verify.expectations import load_expectations
from grader.verify.prove import known_submissions

MARKER = ".made-by-grader-demo"
SECRET = "demo"  # the same data each time: a demo is to be compared with itself


def clear_folder(folder: Path) -> None:
    """Start from nothing. Raises InputError rather than delete what no demo has made."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARKER).is_file():
            hint = "Name another folder: `grader demo --to FOLDER`."
            raise InputError("the folder is not empty, and not of an earlier demo", path=folder, hint=hint)
        shutil.rmtree(folder)
    make_folder(folder)
    (folder / MARKER).touch()


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A class that is played in `folder`, which is the demo's own."""

    course: Course
    topics: tuple[Topic, ...]
    folder: Path
    workers: int | None = None

    @property
    def page(self) -> Path:
        """The page to open in the end."""
        return self.folder / "report" / "index.html"

    def run(self) -> int:
        """Every step; how many results are withheld."""
        self._package()
        self._hand_in()
        with Records.open(self.folder / "records.sqlite") as records:
            self._collect(records)
            withheld = self._grade(records)
            click.secho("5  report", bold=True)
            standings = [
                one for topic in self.topics for one in marked_standings(records, topic, explain=True)
            ]
            show(self.course, self.topics, standings, self.page.parent)
        return withheld

    def _package(self) -> None:
        click.secho("1  package what students receive", bold=True)
        for topic in self.topics:
            check_content(topic)
            click.echo(f"   {package_topic(topic, self.folder / 'bundles')}")

    def _hand_in(self) -> None:
        """Every student's work for every topic, and for the first one two archives that will be refused."""
        click.secho("2  a class hands in", bold=True)
        inbox = self.folder / "inbox"
        for topic in self.topics:
            _hand_in(topic, inbox)
        first = self.topics[0]
        (inbox / f"{first.slug}-zed.zip").write_bytes(b"PK\x03\x04 and then nothing")
        (inbox / f"{first.slug}-zoe.zip").write_bytes(climbing_archive(first.assignment.files[0]))
        click.echo(f"   {len(list(inbox.glob('*.zip')))} files in {inbox}")

    def _collect(self, records: Records) -> None:
        click.secho("3  collect", bold=True)
        diagnostics = Diagnostics()
        assignments = {topic.slug: topic.assignment for topic in self.topics}
        taken = collect(self.folder / "inbox", assignments, diagnostics)
        for one in taken:
            records.add_submission(
                one.submission, student=one.student, received_at=one.received_at, source_name=one.source_name
            )
        for finding in diagnostics.findings:
            click.echo(f"   {visible(str(finding), 300)}")
        click.echo(f"   {len(taken)} submissions, {diagnostics.errors} refused")

    def _grade(self, records: Records) -> int:
        click.secho("4  grade behind the wall", bold=True)
        withheld = 0
        how = Grading(secret=SECRET, workers=self.workers)
        for topic in self.topics:
            with progress(f"   {topic.slug}") as bar:
                graded = grade_topic(topic, records, how, on_start=bar.start, on_result=bar.step)
            withheld += graded.withheld
            judged = f"{graded.judged} different submissions judged"
            click.echo(f"   {topic.slug}: {judged}, {graded.withheld} withheld")
        return withheld


def _hand_in(topic: Topic, inbox: Path) -> None:
    """The whole class's work for one topic, by `grader submit`'s own road."""
    expectations = load_expectations(topic.solution / "submissions.yaml")
    for work in play(known_submissions(topic, expectations)):
        with TemporaryDirectory(dir=inbox.parent) as folder:
            (Path(folder) / topic.assignment.files[0]).write_text(work.source, "utf-8")
            make_submission(Path(folder), topic.assignment, work.student, inbox)


def climbing_archive(name: str) -> bytes:
    """A zip whose one file wants to lie outside the folder that it is unpacked to."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"../../{name}", "import os\n")
    return buffer.getvalue()
