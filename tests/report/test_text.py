"""Results on a terminal."""

from __future__ import annotations

import io

from rich.console import Console, RenderableType

from grader.model.verdict import Verdict
from grader.report.text import overview_table, student_report, topic_table
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
    shown = console.file.getvalue()  # type: ignore[attr-defined]
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


def test_one_topic_shows_one_column_for_each_test() -> None:
    shown = lines(topic_table(OVERVIEW, "norm_layers"))
    assert "student t01 t02 score" in shown
    assert "ada ✓ ✗ 2/4" in shown
    assert "[red]bob[/red] ✓ ? withheld" in shown
    assert "zoe not handed in" in shown


def test_a_student_reads_what_went_wrong() -> None:
    shown = lines(student_report(OVERVIEW.rows[1]))
    assert shown[:2] == ["NLP & notes: ada", "2/8"]
    assert "✓ t01 Test 1. 2/2" in shown
    assert "✗ t02 Test 2. 0/2" in shown
    assert "Your code answered, but the answer is not right." in shown
    assert "Your code printed:" in shown
    assert any("\\x1b[31mred\\x1b[0m\\u202eevil\\x00 {{ 7*7 }} [bold]loud[/bold]" in line for line in shown)


def test_a_withheld_test_has_no_points_at_all() -> None:
    shown = lines(student_report(OVERVIEW.rows[0]))
    assert "? t02 Test 2. –/2" in shown
    assert "Withheld: our fault. The judging machine failed; it costs you nothing." in shown
    assert not any("0/2" in line for line in shown)


def test_no_control_character_of_a_student_reaches_the_terminal() -> None:
    for renderable in (
        overview_table(OVERVIEW),
        topic_table(OVERVIEW, "norm_layers"),
        *map(student_report, OVERVIEW.rows),
    ):
        assert not {"\x1b", "\x00", "\u202e"} & set("".join(lines(renderable)))
