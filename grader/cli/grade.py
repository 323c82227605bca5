"""`grader grade`: judge what was collected."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import course_option, records_option, topics_argument, workers_option

WITHOUT_WALL = "WARNING: no wall. Students' code runs with your rights; the results are marked `none`."


@click.command()
@topics_argument
@workers_option
@click.option("--sandbox", type=click.Choice(["required", "none"]), default="required", show_default=True)
@click.option("--cluster", metavar="ADDRESS", help="A dask scheduler to hand the work to.")
@records_option
@course_option
def grade(
    topics: tuple[str, ...],
    workers: int | None,
    sandbox: str,
    cluster: str | None,
    records_place: str | None,
    course_folder: Path,
) -> int:
    """Judge what was collected, behind the wall.

    Only what is new, or has changed, is judged; an interrupted run goes on where it was. Exit 1 if any score
    is withheld because of a fault that is not the student's.

    \b
    Example:
        grader grade
        grader grade norm_layers --workers 8
    """
    from grader.cli.content import check_content
    from grader.cli.course import open_course
    from grader.cli.grading import Grading, grade_aloud
    from grader.judge.cluster import connect
    from grader.judge.spec import Sandbox

    if sandbox == "none":
        click.echo(WITHOUT_WALL, err=True)
    opened = open_course(course_folder, records_place)
    chosen = opened.topics(topics)
    for topic in chosen:
        check_content(topic)
    # In this order, so that whatever is wrong is said before anything is made.
    with connect(cluster) as executor, opened.use() as (secret, records):
        how = Grading(secret=secret, sandbox=Sandbox(sandbox), workers=workers, executor=executor)
        graded = [grade_aloud(topic, records, how) for topic in chosen]
    return 1 if any(one.withheld for one in graded) else 0
