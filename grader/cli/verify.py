"""`grader verify`: the test of the tests."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click

from grader.cli.options import course_option, json_option, print_json, topics_argument, workers_option


@click.command()
@topics_argument
@click.option("--mutants", is_flag=True, help="Do the tests notice small mistakes in the reference?")
@click.option("--margins", is_flag=True, help="Do the tolerances lie well between right and wrong work?")
@click.option("--seeds", type=click.IntRange(1, 100), default=3, show_default=True, help="Seeds of the data.")
@click.option("--every-test", is_flag=True, help="Also tests that do not reach what is wrong.")
@workers_option
@json_option
@course_option
def verify(
    topics: tuple[str, ...],
    mutants: bool,
    margins: bool,
    seeds: int,
    every_test: bool,
    workers: int | None,
    as_json: bool,
    course_folder: Path,
) -> int:
    """Prove that the hidden tests judge right.

    The reference and the accepted submissions earn full marks, the stub earns nothing, every wrong submission
    is caught by the tests that should catch it, every hidden test catches something, under several seeds.
    A wrong submission is judged by the tests that reach what it changed, unless --every-test is given.

    Two other questions, asked instead. With --mutants: of the mutants of the reference, which have one small
    mistake each, at least 95 % are caught. With --margins: every tolerance is ten times the largest error of
    right work, and a tenth of the smallest error that wrong work is caught by.

    \b
    Example:
        grader verify norm_layers
        grader verify norm_layers --mutants --margins
    """
    from grader.cli.proving import ask_margins, ask_mutants, ask_proof
    from grader.course.load import find_root, load_course, load_topics

    course = load_course(find_root(course_folder))
    names = [f"verify-{number}" for number in range(1, seeds + 1)]
    asked = {"mutants": (mutants, ask_mutants), "margins": (margins, ask_margins)}
    proof = partial(ask_proof, every_test=every_test)
    questions = {name: ask for name, (wanted, ask) in asked.items() if wanted} or {"": proof}
    data: list[dict[str, Any]] = []
    broken = False
    for topic in load_topics(course, topics):
        data.append({"topic": topic.slug})
        for name, ask in questions.items():
            answer = ask(topic, names, workers)
            data[-1] |= {name: answer.data} if name else answer.data
            broken = broken or bool(answer.violations)
            if not as_json:
                click.echo(answer.drawn)
                click.echo("\n".join(f"✗ {text}" for text in answer.violations) or "✓ every rule holds")
    if as_json:
        print_json(data)
    return int(broken)
