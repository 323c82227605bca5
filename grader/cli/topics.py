"""`grader topics`: the course at a glance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from grader.cli.options import course_option, json_option, print_json


@click.command()
@json_option
@course_option
def topics(as_json: bool, course_folder: Path) -> int:
    """List the topics of the course in order: week, points of tests and quiz, and what to take before.

    \b
    Example:
        grader topics
    """
    from grader.course.load import find_root, load_course, load_topics
    from grader.files import visible

    course = load_course(find_root(course_folder))
    listed: list[dict[str, Any]] = []
    for entry, topic in zip(course.topics, load_topics(course), strict=True):
        listed.append(
            {
                "topic": topic.slug,
                "title": topic.assignment.title.en,
                "note": topic.assignment.note,
                "week": entry.week,
                "due": entry.due.isoformat() if entry.due else None,
                "points": topic.assignment.points,
                "quiz_points": topic.assignment.quiz_points,
                "after": list(entry.after),
            }
        )
    if as_json:
        print_json(listed)
        return 0
    width = max((len(line["topic"]) for line in listed), default=0)
    for line in listed:
        week = f"week {line['week']:>2}  " if line["week"] else ""
        points = f"{line['points']:>3} + {line['quiz_points']}"
        after = f"  (after {', '.join(line['after'])})" if line["after"] else ""
        click.echo(f"{week}{line['topic']:{width}}  {points}  {visible(line['title'])}{after}")
    tests, quiz = (sum(line[key] for line in listed) for key in ("points", "quiz_points"))
    count = f"{len(listed)} topic{'' if len(listed) == 1 else 's'}"
    click.echo(f"{count}, {tests} points for code, {quiz} for questions")
    return 0
