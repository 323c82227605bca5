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
def check(topic: str | None, as_json: bool) -> int:
    """Run the public tests on your work.

    TOPIC is a folder that you were given, or a topic's name inside a course; default: the current folder.

    \b
    Example:
        cd beam_search
        grader check
    """
    from grader.cli.handout import find_handout
    from grader.cli.public import check_handout

    folder, assignment = find_handout(topic, Path.cwd())
    result = check_handout(folder, assignment)
    if as_json:
        print_json(result.to_json())
    else:
        show(result, folder / assignment.files[0])
    return 0 if all(test.verdict is Verdict.PASSED for test in result.tests) else 1


def show(result: Result, path: Path) -> None:
    """One line a test, and beneath a failure what happened."""
    from rich.console import Console

    console = Console(file=sys.stdout, highlight=False, soft_wrap=True)
    for test in result.tests:
        console.print(_headline(test), markup=True)
        for line in _explanation(test):
            console.print(f"      {line}", markup=False)
    passed = sum(test.verdict is Verdict.PASSED for test in result.tests)
    console.print(f"\n{passed} of {len(result.tests)} public tests pass for {path.name}.", markup=False)
    if passed == len(result.tests):
        console.print("The hidden tests ask for more than these; hand in with `grader submit`.", markup=False)


def _headline(test: TestResult) -> str:
    from rich.markup import escape

    mark, colour = {
        Verdict.PASSED: ("✓", "green"),
        Verdict.NOT_IMPLEMENTED: ("·", "yellow"),
    }.get(test.verdict, ("✗", "red"))
    return f"  [{colour}]{mark}[/{colour}] {escape(test.test.title)}"


def _explanation(test: TestResult) -> list[str]:
    from grader.files import visible
    from grader.report.words import describe_verdict

    if test.verdict is Verdict.PASSED:
        return []
    if test.verdict is Verdict.NOT_IMPLEMENTED:
        return ["not implemented yet"]
    lines = [describe_verdict(test.verdict), *visible(test.message, 4000, multiline=True).splitlines()]
    if test.output:
        lines += ["it printed:", *visible(test.output, 2000, multiline=True).splitlines()]
    return lines
