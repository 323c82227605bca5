"""The concept questions of a topic, with the key (private) or without it (what students receive)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import ClassVar

from grader.model.assignment import STRICT, Text


class Kind(Enum):
    """How a question is answered."""

    MC = "mc"  # one letter
    MULTI = "multi"  # every right letter and no other
    NUM = "num"  # a number


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. `answer`, `tolerance` and `why` are absent from the public copy."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    id: str
    kind: Kind
    points: int
    question: Text
    options: Mapping[str, Text] = field(default_factory=dict)  # letter -> text, in the order shown
    answer: str | tuple[str, ...] | float | None = None  # a letter, letters, or a number: as `kind` says
    tolerance: float | None = None  # absolute; for NUM only, None means exact
    why: Text | None = None  # explanation of the answer

    def without_key(self) -> Question:
        """The public copy."""
        return replace(self, answer=None, tolerance=None, why=None)

    def accepts(self, answer: Answer) -> bool:
        """Whether `answer` has the form that this question asks for: a letter, letters, or a number."""
        if self.kind is Kind.NUM:
            return isinstance(answer, float)
        letters = answer if isinstance(answer, tuple) else (answer,)
        fits = isinstance(answer, tuple) == (self.kind is Kind.MULTI) and len(set(letters)) == len(letters)
        return fits and all(isinstance(letter, str) and letter in self.options for letter in letters)

    def is_right(self, answer: Answer) -> bool:
        """Whether `answer` earns the points; every right letter and no other for MULTI."""
        if not self.accepts(answer) or self.answer is None:
            return False
        if isinstance(self.answer, float) and isinstance(answer, float):
            return abs(answer - self.answer) <= (self.tolerance or 0.0)
        if isinstance(self.answer, tuple) and isinstance(answer, tuple):
            return set(self.answer) == set(answer)
        return self.answer == answer


# A letter, letters, or a number.
Answer = str | tuple[str, ...] | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """One question with what a student answered (None: nothing)."""

    question: Question
    answer: Answer | None

    @property
    def is_right(self) -> bool:
        """Whether the points are earned."""
        return self.answer is not None and self.question.is_right(self.answer)

    @property
    def points(self) -> int:
        """All or nothing."""
        return self.question.points if self.is_right else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedQuiz:
    """A whole quiz. `problem` says why the answers could not be read, and is empty otherwise."""

    questions: tuple[Marked, ...]
    problem: str = ""

    @property
    def points(self) -> int:
        """Points earned."""
        return sum(marked.points for marked in self.questions)

    @property
    def max_points(self) -> int:
        """Points that could be earned."""
        return sum(marked.question.points for marked in self.questions)


def mark_quiz(key: Sequence[Question], answers: Mapping[str, Answer], problem: str = "") -> MarkedQuiz:
    """The answers held against the key; ids that no question has are ignored."""
    questions = tuple(Marked(question=question, answer=answers.get(question.id)) for question in key)
    return MarkedQuiz(questions=questions, problem=problem)
