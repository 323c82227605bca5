"""Where a student stands in one topic: the submission that counts, and what the judge last said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from grader.model.quiz import MarkedQuiz
from grader.model.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The current submission of a student. Times are aware UTC; `result` is None until it was judged."""

    student: str
    topic: str
    submission_sha256: str
    received_at: datetime
    result: Result | None = None
    judged_at: datetime | None = None
    quiz: MarkedQuiz | None = None  # None where the topic has no quiz, or nothing was handed in
