"""What a quiz must not contradict: kinds and answers that fit, letters that exist, ids that differ."""

from __future__ import annotations

from collections.abc import Sequence

from grader.course.document import Document
from grader.model.quiz import Kind, Question

MIN_OPTIONS = 2


def refuse_contradictions(questions: Sequence[Question], document: Document) -> None:
    """Raise InputError, with file and line, for the first question that cannot be asked or marked."""
    seen: set[str] = set()
    for index, question in enumerate(questions):
        if question.id in seen:
            raise document.error(
                f"the id {question.id!r} is taken", index, "id", hint="Ids are unique in a quiz."
            )
        seen.add(question.id)
        _refuse_points(question, index, document)
        _refuse_options(question, index, document)
        _refuse_answer(question, index, document)


def _refuse_points(question: Question, index: int, document: Document) -> None:
    if question.points < 1:
        raise document.error(f"points of {question.id!r} must be at least 1", index, "points")


def _refuse_options(question: Question, index: int, document: Document) -> None:
    if question.kind is Kind.NUM and question.options:
        raise document.error(f"{question.id!r} asks for a number and cannot have options", index, "options")
    if question.kind is not Kind.NUM and len(question.options) < MIN_OPTIONS:
        what = f"{question.id!r} needs at least {MIN_OPTIONS} options"
        raise document.error(what, index, "options", hint="Write them as `a: {en: ..., zh: ...}`.")


def _refuse_answer(question: Question, index: int, document: Document) -> None:
    if question.answer is None:
        return
    if not _fits(question):
        wanted = {Kind.MC: "one letter", Kind.MULTI: "a list of letters", Kind.NUM: "a number"}[question.kind]
        raise document.error(f"the answer to {question.id!r} must be {wanted}", index, "answer")
    if question.tolerance is not None and (question.kind is not Kind.NUM or question.tolerance < 0):
        what = f"the tolerance of {question.id!r} must be at least 0 and belongs to a number"
        raise document.error(what, index, "tolerance")
    for letter in _letters(question):
        if letter not in question.options:
            what = f"{letter!r} is not an option of {question.id!r}"
            raise document.error(what, index, "answer", hint=f"Options: {', '.join(question.options)}.")


def _fits(question: Question) -> bool:
    if question.kind is Kind.MC:
        return isinstance(question.answer, str)
    if question.kind is Kind.NUM:
        return isinstance(question.answer, float)
    letters = question.answer
    return isinstance(letters, tuple) and 0 < len(letters) == len(set(letters))


def _letters(question: Question) -> tuple[str, ...]:
    if isinstance(question.answer, str):
        return (question.answer,)
    return question.answer if isinstance(question.answer, tuple) else ()
