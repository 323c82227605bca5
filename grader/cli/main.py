"""`grader`: the command line. A command parses, calls one function, prints.

Only the command that is asked for is imported, so that `grader --help` costs no numpy, torch or pytest.
"""

from __future__ import annotations

import difflib
import importlib
import sys
from typing import Any

import click

from grader import __version__
from grader.errors import GraderError
from grader.files import visible

MESSAGE_CHARACTERS = 20_000  # every finding of a course may be in one message

# name: (where it is, its line in `grader --help`)
COMMANDS = {
    "check": ("grader.cli.check:check", "Run the public tests on your work."),
    "quiz": ("grader.cli.quiz:quiz", "Answer the concept questions."),
    "submit": ("grader.cli.submit:submit", "Make the one file that you hand in."),
    "build": ("grader.cli.build:build", "Make the stubs and the quizzes from the solutions."),
    "verify": ("grader.cli.verify:verify", "Prove that the hidden tests judge right."),
    "topics": ("grader.cli.topics:topics", "List the topics of the course in order."),
    "package": ("grader.cli.package:package", "Make the zip that students receive."),
    "collect": ("grader.cli.collect:collect", "Take in a folder or zip of submissions."),
    "grade": ("grader.cli.grade:grade", "Judge what was collected, behind the wall."),
    "report": ("grader.cli.report:report", "Print the table and write the pages."),
    "doctor": ("grader.cli.doctor:doctor", "Say what this machine can enforce."),
    "demo": ("grader.cli.demo:demo", "Play a whole class, from handout to report."),
}
SECTIONS = {
    "For students": ("check", "quiz", "submit"),
    "For instructors": ("topics", "package", "collect", "grade", "report", "doctor", "demo"),
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

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first argument names. Raises UsageError with a guess for another name."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            guess = f"; did you mean {near[0]!r}?" if near else ""
            raise click.UsageError(f"there is no command {args[0]!r}{guess}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by whom they are for, without importing any."""
        for section, names in SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl([(name, COMMANDS[name][1]) for name in names])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="grader")
@click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an error.")
def cli() -> None:
    """Auto-graded NLP assignments: stubs for students, hidden pytest graders behind a wall for instructors.

    Exit codes: 0 all well; 1 some tests failed or a result is withheld; 2 usage or bad input; 3 this machine.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; errors become one message and an exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        sys.exit(run(arguments))
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped; what was done so far is kept", err=True)
        sys.exit(130)
    except Exception as error:
        if "--debug" in arguments:
            raise
        message, code = explain(error)
        click.echo(visible(message, MESSAGE_CHARACTERS, multiline=True), err=True)
        sys.exit(code)


def run(arguments: list[str]) -> int:
    """The exit code of a command that ended without an error."""
    result: Any = cli.main(args=arguments, prog_name="grader", standalone_mode=False)
    return result if isinstance(result, int) else 0


def explain(error: Exception) -> tuple[str, int]:
    """What to print for an error, and the exit code."""
    if isinstance(error, GraderError):
        return f"error: {error}", error.exit_code
    if isinstance(error, click.ClickException):
        return explain_usage(error), error.exit_code
    if isinstance(error, OSError):
        return f"error: {error.filename or 'this machine'}: {error.strerror or error}", 3
    what = f"the grader itself has made a mistake: {type(error).__name__}: {error}"
    return f"error: {what}\n  `grader --debug ...` shows where; please report it.", 3


def explain_usage(error: click.ClickException) -> str:
    """Click's words for a mistake on the command line, and where to read on."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "grader"
    message = error.format_message().removesuffix(".")
    return f"error: {message[0].lower()}{message[1:]}\n  `{command} --help` shows how to use it."
