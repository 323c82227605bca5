"""How answers are marked: all or nothing, by the form that the question asks for."""

from __future__ import annotations

import pytest

from grader.model.assignment import Text
from grader.model.quiz import Answer, Kind, Question, mark_quiz

TEXT = Text(en="?", zh="？")
OPTIONS = {"a": TEXT, "b": TEXT, "c": TEXT}
ONE = Question(id="one", kind=Kind.MC, points=1, question=TEXT, options=OPTIONS, answer="b")
ALL = Question(id="all", kind=Kind.MULTI, points=2, question=TEXT, options=OPTIONS, answer=("a", "c"))
NUMBER = Question(id="number", kind=Kind.NUM, points=3, question=TEXT, answer=1.5, tolerance=0.25)
EXACT = Question(id="exact", kind=Kind.NUM, points=1, question=TEXT, answer=4096.0)


@pytest.mark.parametrize(
    ("question", "answer", "accepted", "right"),
    [
        (ONE, "b", True, True),
        (ONE, "a", True, False),
        (ONE, "d", False, False),
        (ONE, "", False, False),
        (ONE, ("b",), False, False),
        (ONE, 1.0, False, False),
        (ALL, ("a", "c"), True, True),
        (ALL, ("c", "a"), True, True),
        (ALL, ("a",), True, False),
        (ALL, ("a", "b", "c"), True, False),
        (ALL, ("a", "c", "c"), False, False),
        (ALL, "ac", False, False),
        (NUMBER, 1.25, True, True),
        (NUMBER, 1.75, True, True),
        (NUMBER, 1.76, True, False),
        (NUMBER, float("nan"), True, False),
        (NUMBER, "1.5", False, False),
        (EXACT, 4096.0, True, True),
        (EXACT, 4096.5, True, False),
    ],
)
def test_one_answer(question: Question, answer: Answer, accepted: bool, right: bool) -> None:
    """Its form, and whether it earns the points."""
    assert (question.accepts(answer), question.is_right(answer)) == (accepted, right)


def test_without_a_key_nothing_is_right() -> None:
    """A public copy cannot mark."""
    assert not ONE.without_key().is_right("b")


def test_a_whole_quiz() -> None:
    """What was not answered earns nothing, what was not asked is ignored."""
    quiz = mark_quiz([ONE, ALL, NUMBER], {"one": "b", "number": 9.0, "other": "a"}, problem="torn")
    assert [marked.points for marked in quiz.questions] == [1, 0, 0]
    assert [marked.answer for marked in quiz.questions] == ["b", None, 9.0]
    assert (quiz.points, quiz.max_points, quiz.problem) == (1, 6, "torn")
