"""`grader submit`: one validated file to hand in, and a receipt to keep."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("topic", required=False)
@click.option("--student", required=True, envvar="GRADER_STUDENT", help="Your name or number in this course.")
@click.option(
    "--to",
    "destination",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("."),
    help="Where to put the file; default: here.",
)
def submit(topic: str | None, student: str, destination: Path) -> None:
    """Make the one file that you hand in.

    TOPIC is the folder that you worked in; default: the current one. Helper modules beside your file are
    handed in with it. Nothing is sent anywhere: upload the file where your course asks for it, and keep the
    receipt.

    \b
    Example:
        grader submit --student ada
    """
    from grader.cli.handout import find_handout
    from grader.collect.submit import make_submission

    folder, assignment = find_handout(topic, Path.cwd())
    click.echo(str(make_submission(folder, assignment, student, destination)))
