"""`grader build`: what students receive, made from the solutions."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import course_option, topics_argument


@click.command()
@topics_argument
@click.option("--check", "check_only", is_flag=True, help="Write nothing; exit 1 if out of step.")
@course_option
def build(topics: tuple[str, ...], check_only: bool, course_folder: Path) -> int:
    """Make the stubs and the quizzes from the solutions.

    \b
    Example:
        grader build norm_layers
        grader build --check
    """
    from grader.course.load import find_root, load_course, load_topics
    from grader.release.build import build_topic, stale_files

    course = load_course(find_root(course_folder))
    stale = 0
    for topic in load_topics(course, topics):
        paths = stale_files(topic) if check_only else build_topic(topic)
        stale += len(paths)
        for path in paths:
            shown = path.relative_to(course.root)
            click.echo(f"{shown}: out of step, run `grader build`" if check_only else f"wrote {shown}")
        if not paths:
            click.echo(f"{topic.slug}: in step")
    return 1 if check_only and stale else 0
