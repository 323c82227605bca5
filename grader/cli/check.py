"""`grader check`: the public tests, each in a fresh process, with failures a student can act on."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from grader.cli.options import json_option, print_json
from grader.model.result import Result, TestResult
from grader.model.verdict import Verdict


@click.command()
@click.argument("topic", required=False)
@json_option
@click.option("--portable", is_flag=True, hidden=True, help="Without fork, as on macOS and Windows.")
def check(topic: str | None, as_json: bool, portable: bool) -> int:
    """Run the public tests on your work.

    TOPIC is a folder that you were given, or a topic's name inside a course; default: the current folder.

    \b
    Example:
        cd beam_search
        grader check
    """
    from grader.cli.handout import find_handout
    from grader.cli.public import check_handout
    from grader.collect.own_files import notebook_notes, read_own_files
    from grader.files import visible

    folder, assignment = find_handout(topic, Path.cwd())
    files = read_own_files(folder, assignment)
    result = check_handout(folder, assignment, files, portable=portable or sys.platform != "linux")
    if as_json:
        print_json(result.to_json())
    else:
        show(result, folder / assignment.files[0])
        for note in notebook_notes(folder, assignment, files):
            click.echo(f"note: {visible(note, 300)}")
    return 0 if all(test.verdict is Verdict.PASSED for test in result.tests) else 1


def show(result: Result, path: Path) -> None:
    """One line a test, and beneath a failure what happened; the same failure again is not told twice."""
    told: list[str] = []
    for test in result.tests:
        lines = explain(test, path)
        known = bool(lines) and lines == told
        click.echo(_headline(test) + ("  (as above)" if known else ""))
        for line in [] if known else lines:
            click.echo(f"    {line}")
        told = lines or told
    passed = sum(test.verdict is Verdict.PASSED for test in result.tests)
    click.echo(f"\n{passed} of {len(result.tests)} public tests pass for {path.name}.")
    if passed == len(result.tests):
        click.echo("The hidden tests ask for more than these; hand in with `grader submit`.")


def explain(test: TestResult, path: Path) -> list[str]:
    """What happened in a test that did not pass, line by line, safe to show."""
    from grader.cli.spelling import closest_definition
    from grader.files import visible

    if test.verdict in (Verdict.PASSED, Verdict.NOT_IMPLEMENTED):
        return []
    lines = visible(test.message, 4000, multiline=True).splitlines()
    if test.verdict is Verdict.MISSING:
        lines[1:1] = closest_definition(lines[0].rpartition(" ")[2], path)
    if test.verdict is Verdict.TIMED_OUT:
        lines[1:1] = ["Is there a loop that does not end?"]
    if test.output.strip():
        lines += [
            "it printed:",
            *(f"  {line}" for line in _printed(visible(test.output, 2000, multiline=True))),
        ]
    return lines


def _printed(text: str) -> list[str]:
    lines = text.rstrip().splitlines()
    return lines if len(lines) <= 12 else [*lines[:12], f"[{len(lines) - 12} more lines]"]


def _headline(test: TestResult) -> str:
    from grader.files import visible

    mark, colour = {
        Verdict.PASSED: ("✓", "green"),
        Verdict.NOT_IMPLEMENTED: ("·", "yellow"),
    }.get(test.verdict, ("✗", "red"))
    left = "  (not implemented yet)" if test.verdict is Verdict.NOT_IMPLEMENTED else ""
    return f"{click.style(mark, colour)} {visible(test.test.title, 200)}{left}"
