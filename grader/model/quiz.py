"""The concept questions of a topic, with the key (private) or without it (what students receive)."""

from __future__ import annotations

from collections.abc import Mapping
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
