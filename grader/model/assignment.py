"""One assignment as `assignment.yaml` describes it. Values only; `course/load` reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

# pydantic reads this when it validates a dataclass; a plain dict keeps this room free of third parties.
STRICT = {"extra": "forbid", "strict": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text in English, and in Chinese where the course asks for it."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    en: str
    zh: str | None = None

    @property
    def versions(self) -> tuple[str, ...]:
        """The text in each language that it is written in."""
        return (self.en,) if self.zh is None else (self.en, self.zh)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one hidden test may use. `memory_mb` counts what a process needs beyond its warm start."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    call_seconds: float = 10.0
    test_seconds: float = 30.0
    submission_seconds: float = 120.0
    memory_mb: int = 1024
    output_kb: int = 64
    callbacks: int = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban:
    """A dotted name (wildcards allowed) that must not be used, and the hidden tests it would defeat."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    name: str
    tests: tuple[str, ...] = ()  # labels; empty means every test


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What a student must hand in and what it is worth."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    slug: str
    title: Text
    note: int | None = None  # number of the study note, if it comes from one
    points: int  # total of the hidden tests
    quiz_points: int = 0  # total of quiz.yaml
    files: tuple[str, ...]  # submitted modules; the first is the one the tests call
    given: tuple[str, ...] = ()  # modules that students receive beside their own, and need not hand in
    libraries: tuple[str, ...] = ("numpy",)  # imported once and warmed up before any fork
    banned: tuple[Ban, ...] = ()
    limits: Limits = field(default_factory=Limits)

    @property
    def module(self) -> str:
        """Name of the module that the tests call."""
        return Path(self.files[0]).stem
