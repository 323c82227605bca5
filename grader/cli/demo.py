"""`grader demo`: a newcomer's first minute, a whole class from handout to report."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import course_option, topics_argument, workers_option


@click.command()
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo"),
    show_default=True,
    help="Where to play; made anew each time.",
)
@topics_argument
@workers_option
@course_option
def demo(folder: Path, topics: tuple[str, ...], workers: int | None, course_folder: Path) -> int:
    """Play a whole class, from handout to report.

    Packages the topics (all of the course when none is named), has a class of 48 hand in right, wrong, empty
    and hostile work, collects it, grades it behind the wall, and writes the report. Nothing outside the
    folder is touched.

    \b
    Example:
        grader demo norm_layers --to demo
    """
    from grader.cli.demo_steps import Demo, clear_folder
    from grader.course.load import find_root, load_course, load_topics

    course = load_course(find_root(course_folder))
    chosen = load_topics(course, topics)
    clear_folder(folder)
    played = Demo(course=course, topics=chosen, folder=folder, workers=workers)
    withheld = played.run()
    click.echo(f"\nOpen {played.page} in a browser.")
    return 1 if withheld else 0
