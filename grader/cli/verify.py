"""`grader verify`: the test of the tests."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import course_option, json_option, print_json, topics_argument, workers_option


@click.command()
@topics_argument
@click.option("--seeds", type=click.IntRange(1, 100), default=3, show_default=True, help="Seeds of the data.")
@workers_option
@json_option
@course_option
def verify(
    topics: tuple[str, ...], seeds: int, workers: int | None, as_json: bool, course_folder: Path
) -> int:
    """Prove that the hidden tests judge right.

    The reference and the accepted submissions earn full marks, the stub earns nothing, every wrong submission
    is caught by the tests that should catch it, every hidden test catches something, under several seeds.

    \b
    Example:
        grader verify norm_layers
    """
    from grader.cli.proving import prove_topic
    from grader.course.load import find_root, load_course, load_topics
    from grader.verify.matrix import draw, to_json

    course = load_course(find_root(course_folder))
    names = [f"verify-{number}" for number in range(1, seeds + 1)]
    proofs = []
    for topic in load_topics(course, topics):
        proof = prove_topic(topic, names, workers)
        proofs.append(proof)
        if not as_json:
            click.echo(draw(proof))
            click.echo("\n".join(f"✗ {violation}" for violation in proof.violations) or "✓ every rule holds")
    if as_json:
        print_json([to_json(proof) for proof in proofs])
    return 1 if any(proof.violations for proof in proofs) else 0
