"""`grader package`: the zip that students receive."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import course_option, topics_argument


@click.command()
@topics_argument
@click.option(
    "--to",
    "destination",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to put the zips; default: dist/ of the course.",
)
@course_option
def package(topics: tuple[str, ...], destination: Path | None, course_folder: Path) -> None:
    """Make the zip that students receive: reproducible, and refused if anything private would leave.

    \b
    Example:
        grader package norm_layers --to dist
    """
    from grader.cli.content import check_content
    from grader.course.load import find_root, load_course, load_topics
    from grader.release.publish import package_topic

    course = load_course(find_root(course_folder))
    for topic in load_topics(course, topics):
        check_content(topic)
        click.echo(package_topic(topic, destination or course.root / "dist"))
