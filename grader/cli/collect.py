"""`grader collect`: take in what students handed in."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import course_option, records_option


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@records_option
@course_option
def collect(source: Path, records_place: str | None, course_folder: Path) -> int:
    """Take in a folder or zip of submissions.

    SOURCE holds files as `grader submit` makes them, or a folder for each student. What cannot be taken is
    said, one by one, and the rest goes on. Exit 1 if anything was refused.

    \b
    Example:
        grader collect inbox
    """
    from grader.cli.course import open_course
    from grader.collect.inbox import collect as collect_from
    from grader.diagnostics import Diagnostics, Severity
    from grader.files import visible

    opened = open_course(course_folder, records_place)
    topics = {topic.slug: topic.assignment for topic in opened.topics()}
    diagnostics = Diagnostics()
    with opened.records() as records:
        taken = collect_from(source, topics, diagnostics, zone=opened.zone)
        new = sum(
            records.add_submission(
                one.submission, student=one.student, received_at=one.received_at, source_name=one.source_name
            )
            for one in taken
        )
    for finding in diagnostics.findings:
        click.echo(visible(str(finding), 500, multiline=True).replace("\n", "\n  "), err=True)
    refused = sum(finding.severity is Severity.ERROR for finding in diagnostics.findings)
    click.echo(f"{len(taken)} submissions: {new} new, {len(taken) - new} known; {refused} refused")
    return 1 if refused else 0
