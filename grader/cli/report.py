"""`grader report`: the results on the terminal and as static pages."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, json_option, print_json, records_option, topics_argument
from grader.model.course import Course, Topic
from grader.model.quiz import MarkedQuiz, Question, mark_quiz
from grader.model.standing import Standing

if TYPE_CHECKING:
    from grader.records.store import Records  # SQLAlchemy: only for whoever asks for a report


@click.command()
@topics_argument
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to write the pages; default: .grader/report of the course.",
)
@click.option(
    "--explain",
    is_flag=True,
    help="Show why the right answer to each quiz question is right: once nobody may hand in again.",
)
@json_option
@records_option
@course_option
def report(
    topics: tuple[str, ...],
    folder: Path | None,
    explain: bool,
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
        standings = [standing for topic in chosen for standing in marked_standings(records, topic, explain)]
    if as_json:
        print_json([plain(standing) for standing in standings])
        return
    folder = folder or state_folder(opened.course.root) / "report"
    show(opened.course, chosen, standings, folder)
    click.echo(f"\nOpen {folder / 'index.html'} in a browser.")


def marked_standings(records: Records, topic: Topic, explain: bool) -> list[Standing]:
    """Where everybody stands in a topic, with the quiz marked by today's key."""
    from grader.course.load import load_quiz

    path = topic.solution / "quiz.yaml"
    key = load_quiz(path) if path.is_file() else ()
    if not explain:
        key = tuple(replace(question, why=None) for question in key)
    standings = records.standings(topic.slug)
    return [replace(one, quiz=_marked(records, key, one)) for one in standings] if key else list(standings)


def _marked(records: Records, key: Sequence[Question], standing: Standing) -> MarkedQuiz:
    from grader.collect.answers import read_answers
    from grader.collect.names import ANSWERS, Refused

    files = records.submission_files(standing.submission_sha256).files
    if ANSWERS not in files:
        return mark_quiz(key, {})
    try:
        return mark_quiz(key, read_answers(files[ANSWERS], standing.topic))
    except Refused as error:
        return mark_quiz(key, {}, problem=error.what)


def show(course: Course, topics: Sequence[Topic], standings: Sequence[Standing], folder: Path) -> None:
    """Print the overview and write the pages."""
    from rich.console import Console

    from grader.report.html import write_report
    from grader.report.text import matters_table, overview_table
    from grader.report.view import make_overview

    overview, console = make_overview(course, topics, standings), Console(file=sys.stdout)
    console.print(overview_table(overview))
    if overview.matters:
        console.print(matters_table(overview))
    write_report(course, topics, standings, folder)


def plain(standing: Standing) -> dict[str, object]:
    """Where a student stands, as plain data."""
    return {
        "student": standing.student,
        "topic": standing.topic,
        "submission_sha256": standing.submission_sha256,
        "received_at": standing.received_at.isoformat(),
        "result": None if standing.result is None else standing.result.to_json(),
        "quiz": None if standing.quiz is None else plain_quiz(standing.quiz),
    }


def plain_quiz(quiz: MarkedQuiz) -> dict[str, object]:
    """A marked quiz as plain data, without the key."""
    return {
        "points": quiz.points,
        "max_points": quiz.max_points,
        "problem": quiz.problem,
        "questions": {
            marked.question.id: {"answer": marked.answer, "points": marked.points}
            for marked in quiz.questions
        },
    }
