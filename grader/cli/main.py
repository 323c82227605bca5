"""`grader`: the command line. A command parses, calls one function, prints.

Only the command that is asked for is imported, so that `grader --help` costs no numpy, torch or pytest.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from grader import __version__
from grader.errors import GraderError

# name: (where it is, its line in `grader --help`)
COMMANDS = {
    "check": ("grader.cli.check:check", "Run the public tests on your work."),
    "submit": ("grader.cli.submit:submit", "Make the one file that you hand in."),
    "build": ("grader.cli.build:build", "Make the stubs and the quizzes from the solutions."),
    "verify": ("grader.cli.verify:verify", "Prove that the hidden tests judge right."),
    "package": ("grader.cli.package:package", "Make the zip that students receive."),
    "collect": ("grader.cli.collect:collect", "Take in a folder or zip of submissions."),
    "grade": ("grader.cli.grade:grade", "Judge what was collected, behind the wall."),
    "report": ("grader.cli.report:report", "Print the table and write the pages."),
    "doctor": ("grader.cli.doctor:doctor", "Say what this machine can enforce."),
    "demo": ("grader.cli.demo:demo", "Play a whole class, from handout to report."),
}
SECTIONS = {
    "For students": ("check", "submit"),
    "For instructors": ("package", "collect", "grade", "report", "doctor", "demo"),
    "For authors": ("build", "verify"),
}


class LazyGroup(click.Group):
    """Knows its commands by name and imports one only when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by whom they are for, without importing any."""
        for section, names in SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl([(name, COMMANDS[name][1]) for name in names])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="grader")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def cli(ctx: click.Context, debug: bool) -> None:
    """Auto-graded NLP assignments: stubs for students, hidden pytest graders behind a wall for instructors.

    Exit codes: 0 all well; 1 some tests failed or some result is withheld; 2 usage or bad input; 3 this machine.
    """
    ctx.obj = debug


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; errors become one message and an exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in arguments
    try:
        sys.exit(run(arguments))
    except GraderError as error:
        if debug:
            raise
        click.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped; what was done so far is kept", err=True)
        sys.exit(130)
    except OSError as error:
        if debug:
            raise
        click.echo(f"error: {error.filename or 'this machine'}: {error.strerror or error}", err=True)
        sys.exit(3)


def run(arguments: list[str]) -> int:
    """The exit code of a command that ended without an error."""
    result: Any = cli.main(args=arguments, prog_name="grader", standalone_mode=False)
    return result if isinstance(result, int) else 0
