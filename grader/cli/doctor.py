"""`grader doctor`: what this machine can enforce, and what is missing."""

from __future__ import annotations

import click

from grader.cli.options import json_option, print_json


@click.command()
@json_option
def doctor(as_json: bool) -> int:
    """Say what this machine can enforce. Exit 3 where the wall cannot stand.

    \b
    Example:
        grader doctor
    """
    from grader.sandbox.probe import probe

    findings = probe()
    if as_json:
        print_json(
            [{"layer": f.layer, "stands": f.stands, "needed": f.needed, "detail": f.detail} for f in findings]
        )
    else:
        for finding in findings:
            mark = "✓" if finding.stands else "✗" if finding.needed else "–"
            need = "" if finding.needed else " (optional)"
            click.echo(f"{mark} {finding.layer}{need}: {finding.detail}")
    sound = all(finding.stands for finding in findings if finding.needed)
    if not as_json:
        click.echo(
            "\nThe wall stands: `grader grade` may run." if sound else "\n`grader grade` refuses to run here."
        )
    return 0 if sound else 3
