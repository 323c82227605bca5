"""Results on a terminal."""

from __future__ import annotations

import io

from rich.console import Console, RenderableType

from grader.model.verdict import Verdict
from grader.report.text import matters_table, overview_table
from grader.report.view import make_overview
from tests.report.values import COURSE, TOPICS, standing

STANDINGS = [
    standing("ada", Verdict.PASSED, Verdict.WRONG),
    standing("[red]bob[/red]", Verdict.PASSED, Verdict.SANDBOX_ERROR),
    standing("cat", Verdict.PASSED, sandbox="none"),
]
OVERVIEW = make_overview(COURSE, TOPICS, STANDINGS, roster=["zoe"])


def lines(renderable: RenderableType) -> list[str]:
    """What stands on a terminal, by line, with single spaces and without the frame."""
    console = Console(file=io.StringIO(), width=120, force_terminal=True, color_system=None)
    console.print(renderable)
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # the StringIO above
    return [
        " ".join(line.translate(dict.fromkeys(map(ord, "│┃"), " ")).split()) for line in shown.splitlines()
    ]


def test_the_overview_shows_marks_and_scores() -> None:
    shown = lines(overview_table(OVERVIEW))
    assert "student norm_layers beam_search total" in shown
    assert "ada ✓✗ 2/4 not handed in 2/8" in shown
    assert "[red]bob[/red] ✓? withheld not handed in 0/8, 1 withheld" in shown
    assert "cat ✓ 2/2 (no sandbox) not handed in 2/6" in shown
    assert "zoe not handed in not handed in 0/9" in shown
    assert "withheld: 1 (to be judged again)" in shown


def test_an_overview_without_withheld_scores_does_not_speak_of_them() -> None:
    assert "withheld" not in "\n".join(lines(overview_table(make_overview(COURSE, TOPICS, STANDINGS[:1]))))


def test_what_is_to_be_looked_at() -> None:
    """One row for all whom it concerns, with the first few by name."""
    broken = [standing(f"s{i}", Verdict.TEST_ERROR, message="NameError: [bold]y[/bold]") for i in range(5)]
    shown = " ".join(lines(matters_table(make_overview(COURSE, TOPICS, broken))))
    assert "norm_layers t01 s0, s1, s2 and 2 more withheld, TEST_ERROR (test_norm.py:12): NameError:" in shown
    assert "[bold]y[/bold]" in shown
    assert "s0, s1, s2 withheld" in " ".join(lines(matters_table(make_overview(COURSE, TOPICS, broken[:3]))))


def test_no_control_character_of_a_student_reaches_the_terminal() -> None:
    hostile = make_overview(COURSE, TOPICS, [standing("\x1b[31mred\x00\u202eevil", Verdict.PASSED)])
    shown = "".join(lines(overview_table(hostile)))
    assert not {"\x1b", "\x00", "\u202e"} & set(shown)
    assert "\\x1b[31mred" in shown
