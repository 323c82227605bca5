"""`grader report`: the results on the terminal and as static pages."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, json_option, print_json, records_option, topics_argument

if TYPE_CHECKING:  # annotations only: nothing heavy for `--help`
    from grader.model.course import Course, Topic
    from grader.records.store import Records


@click.command()
@topics_argument
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to write the pages; default: .grader/report of the course.",
)
@json_option
@records_option
@course_option
def report(
    topics: tuple[str, ...],
    folder: Path | None,
    as_json: bool,
    records_place: str | None,
    course_folder: Path,
) -> None:
    """Print the table and write the pages.

    One page a student and an overview for you; no page loads or runs anything.

    \b
    Example:
        grader report
        grader report norm_layers --to pages
    """
    from grader.cli.course import open_course
    from grader.cli.grading import state_folder

    opened = open_course(course_folder, records_place)
    chosen = opened.topics(topics)
    with opened.records() as records:
        if as_json:
            print_json(plain(chosen, records))
            return
        index = show(opened.course, chosen, records, folder or state_folder(opened.course.root) / "report")
    click.echo(f"\nOpen {index} in a browser.")


def show(course: Course, topics: Sequence[Topic], records: Records, folder: Path) -> Path:
    """Print the overview, write the pages, and return the page to open."""
    from rich.console import Console

    from grader.report.html import write_report
    from grader.report.text import overview_table
    from grader.report.view import make_overview

    standings = [standing for topic in topics for standing in records.standings(topic.slug)]
    Console(file=sys.stdout).print(overview_table(make_overview(course, topics, standings)))
    write_report(course, topics, standings, folder)
    return folder / "index.html"


def plain(topics: Sequence[Topic], records: Records) -> list[dict[str, object]]:
    """Every standing as plain data."""
    return [
        {
            "student": standing.student,
            "topic": standing.topic,
            "submission_sha256": standing.submission_sha256,
            "received_at": standing.received_at.isoformat(),
            "result": None if standing.result is None else standing.result.to_json(),
        }
        for topic in topics
        for standing in records.standings(topic.slug)
    ]
