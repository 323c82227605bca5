"""Options that several commands share, and where a command finds its course."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from grader.files import is_seen

F = TypeVar("F", bound=Callable[..., Any])

course_option: Callable[[F], F] = click.option(
    "--course",
    "course_folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("."),
    help="A folder of the course; default: the current one.",
)
json_option: Callable[[F], F] = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
workers_option: Callable[[F], F] = click.option(
    "--workers",
    envvar="GRADER_WORKERS",
    show_envvar=True,
    type=click.IntRange(1, 1024),
    help="Judges at work; default: one a core.",
)
records_option: Callable[[F], F] = click.option(
    "--records",
    "records_place",
    envvar="GRADER_RECORDS",
    show_envvar=True,
    metavar="PLACE",
    help="A file or a database URL; default: .grader/records.sqlite of the course.",
)
topics_argument: Callable[[F], F] = click.argument("topics", nargs=-1)


def print_json(data: object) -> None:
    """One JSON document on standard output; what would act on a terminal is escaped, as JSON escapes it."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    click.echo("".join(char if char == "\n" or is_seen(char) else json.dumps(char)[1:-1] for char in text))
