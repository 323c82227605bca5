"""One offering of the course as `course.yaml` describes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import ClassVar

from grader.model.assignment import STRICT, Assignment


class Language(Enum):
    """A language of handouts and texts. English is always one of a course."""

    EN = "en"
    ZH = "zh"


ALL_LANGUAGES = (Language.EN, Language.ZH)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicEntry:
    """One line of the schedule: which topic, until when (aware UTC), in which week, after which others."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    topic: str
    due: datetime | None = None
    week: int | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """An offering: who, when, which topics in which order. `root` is the folder of `course.yaml`."""

    id: str
    title: str
    timezone: str
    topics: tuple[TopicEntry, ...]
    root: Path
    languages: tuple[Language, ...] = ALL_LANGUAGES


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """An assignment of a course, with the three folders that make it."""

    root: Path
    assignment: Assignment
    due: datetime | None = None
    languages: tuple[Language, ...] = ALL_LANGUAGES

    @property
    def slug(self) -> str:
        """The topic's name, which is also the name of its three folders."""
        return self.assignment.slug

    @property
    def handout(self) -> Path:
        """What students receive."""
        return self.root / "assignments" / self.slug

    @property
    def solution(self) -> Path:
        """The reference, and the wrong and accepted submissions. Private."""
        return self.root / "solutions" / self.slug

    @property
    def autotests(self) -> Path:
        """The hidden graders. Private."""
        return self.root / "autotests" / self.slug
