"""Who may see what."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest

from grader.model.verdict import Verdict
from grader.report.view import State, StudentView, make_overview, student_view
from grader.report.wording import Mark
from tests.report.values import COURSE, NOON, TOPICS, standing

STANDINGS = [
    standing("ada", Verdict.PASSED, Verdict.WRONG),
    standing("bob", Verdict.PASSED, Verdict.TEST_ERROR),
    standing("ada", slug="beam_search"),
]


def view(student: str = "ada", *standings: object) -> StudentView:
    return student_view(student, COURSE, TOPICS, standings or STANDINGS)  # type: ignore[arg-type]  # standings


def test_a_student_sees_points_verdicts_messages_and_own_output() -> None:
    norm, beam = view().topics
    assert (norm.state, norm.score, norm.max_score, norm.passed) == (State.GRADED, 2, 4, 1)
    assert (beam.state, beam.score, beam.max_score, beam.tests) == (State.WAITING, None, 4, ())
    wrong = norm.tests[1]
    assert (wrong.label, wrong.title, wrong.mark, wrong.points, wrong.max_points) == (
        "t02", "Test 2.", Mark.FAILED, 0, 2,
    )  # fmt: skip
    assert wrong.sentence == "Your code answered, but the answer is not right."


def test_a_student_never_sees_evidence_names_of_tests_or_other_students() -> None:
    shown = str(asdict(view()))
    assert "CANARY" not in shown
    assert "test_secret_name" not in shown
    assert "bob" not in shown


def test_text_of_students_is_made_visible() -> None:
    test = view().topics[0].tests[1]
    for text in (test.message, test.output):
        assert "\\x1b[31mred" in text
        assert "\\u202eevil\\x00" in text
        assert text.isprintable() or text.replace("\n", "").isprintable()
    assert view("e\x1bve").student == "e\\x1bve"


def test_long_text_is_cut() -> None:
    test = (
        view("ada", standing("ada", Verdict.WRONG, message="m" * 5_000, output="o" * 9_000))
        .topics[0]
        .tests[0]
    )
    assert test.message == "m" * 4_000 + "… [1000 more characters]"
    assert test.output == "o" * 8_000 + "… [1000 more characters]"


@pytest.mark.parametrize("verdict", [Verdict.TEST_ERROR, Verdict.SANDBOX_ERROR])
def test_a_fault_of_ours_withholds_the_score_and_its_message(verdict: Verdict) -> None:
    shown = view("bob", standing("bob", Verdict.PASSED, verdict))
    assert (shown.topics[0].state, shown.topics[0].score) == (State.WITHHELD, None)
    assert (shown.score, shown.withheld) == (0, 1)
    assert shown.topics[0].tests[1].message == ""
    assert shown.topics[0].tests[1].sentence.startswith("Withheld: our fault.")


def test_nothing_handed_in_is_told_from_zero_points() -> None:
    assert [topic.state for topic in view("zoe").topics] == [State.MISSING, State.MISSING]
    assert [topic.score for topic in view("zoe").topics] == [None, None]
    assert view("zoe").max_score == 9
    assert view("ada", standing("ada", Verdict.WRONG)).topics[0].score == 0


def test_times_are_those_of_the_course() -> None:
    on_time, late = (
        view("ada", standing("ada", received_at=NOON + timedelta(seconds=seconds))) for seconds in (0, 1)
    )
    assert on_time.topics[0].received == "2026-03-01 20:00 CST"
    assert (on_time.topics[0].late, late.topics[0].late) == (False, True)


def test_a_result_without_the_wall_is_marked() -> None:
    assert view().topics[0].confined is True
    assert view("ada", standing("ada", Verdict.PASSED, sandbox="none")).topics[0].confined is False


LOOKUP = "looks names up while it runs (a.py, line 7: getattr); torch is not to be used here"


def test_what_the_staff_are_to_look_at() -> None:
    """Faults of ours with their place, ways that only a person can judge; alike ones together."""
    overview = make_overview(
        COURSE,
        TOPICS,
        [
            standing("dan", Verdict.PASSED, slug="beam_search", evidence=LOOKUP),
            standing("e\x1bve", Verdict.SANDBOX_ERROR, message="killed\n\x1b[31m"),
            standing("cat", Verdict.PASSED, Verdict.TEST_ERROR, message="NameError: y"),
            standing("bob", Verdict.WRONG, Verdict.TEST_ERROR, message="NameError: y"),
            standing("zoe"),
        ],
    )
    assert [(one.topic, one.label, one.sentence, one.students) for one in overview.matters] == [
        (
            "norm_layers",
            "t01",
            "withheld, SANDBOX_ERROR (test_norm.py:12): killed\n\\x1b[31m",
            ("e\\x1bve",),
        ),
        ("norm_layers", "t02", "withheld, TEST_ERROR (test_norm.py:12): NameError: y", ("bob", "cat")),
        ("beam_search", "t01", f"passed, {LOOKUP}", ("dan",)),
    ]
    assert make_overview(COURSE, TOPICS, STANDINGS[:1]).matters == ()


def test_the_overview_has_everybody_once() -> None:
    overview = make_overview(COURSE, TOPICS, STANDINGS, roster=["zoe", "bob"])
    assert [row.student for row in overview.rows] == ["ada", "bob", "zoe"]
    assert overview.topics == (
        ("norm_layers", "Title of norm_layers"),
        ("beam_search", "Title of beam_search"),
    )
    assert (overview.withheld, [row.score for row in overview.rows]) == (1, [2, 0, 0])
