"""The documents and the program say the same."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from grader.cli.main import COMMANDS, SECTIONS, cli

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "benchmarks" / "README.md"])
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# `grader ...` in backticks, and the lines of an example. Words behind the command are not commands.
INLINE = re.compile(r"`grader ([a-z][^`]*)`")
LINE = re.compile(r"^\s+(?:\$ )?grader ([a-z].*)$", re.MULTILINE)


def commands_in(page: Path) -> list[str]:
    """What stands behind `grader` wherever a page shows a command, without comments."""
    text = page.read_text("utf-8")
    return [shown.partition(" # ")[0].strip() for shown in INLINE.findall(text) + LINE.findall(text)]


SHOWN = [(page, command) for page in PAGES for command in commands_in(page)]


@pytest.mark.parametrize(
    ("page", "command"), SHOWN, ids=[f"{page.name}: {command}" for page, command in SHOWN]
)
def test_a_command_in_the_documents_parses(page: Path, command: str) -> None:
    name, *arguments = shlex.split(command)
    assert name in COMMANDS, f"{page.name} shows `grader {command}`"
    context = click.Context(cli, info_name="grader")
    found = cli.get_command(context, name)
    assert found is not None
    known = {option for parameter in found.get_params(context) for option in parameter.opts}
    assert {word.partition("=")[0] for word in arguments if word.startswith("-")} <= known
    # In this mode a page may leave out what a command requires.
    with found.make_context(name, list(arguments), parent=context, resilient_parsing=True) as inner:
        assert not inner.args, f"{page.name} shows `grader {command}`"


def test_every_command_is_in_a_section_and_in_the_documents() -> None:
    assert {name for names in SECTIONS.values() for name in names} == set(COMMANDS)
    shown = {command.split()[0] for _, command in SHOWN}
    assert set(COMMANDS) - shown == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_begins_with_the_line_of_the_overview(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.help is not None
    first = command.help.strip().splitlines()[0]
    assert first.startswith(COMMANDS[name][1].removesuffix("."))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page: Path) -> None:
    targets = [target.partition("#")[0] for target in LINK.findall(FENCE.sub("", page.read_text("utf-8")))]
    local = [target for target in targets if target and "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []
