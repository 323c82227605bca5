"""A YAML file as plain data that remembers on which line everything stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import InputError

Place = tuple[str | int, ...]  # keys and positions from the top: ("banned", 0, "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`data` of the file at `path`, and the line of every key and list item."""

    path: Path
    data: Any
    lines: Mapping[Place, int]

    def line(self, *place: str | int) -> int:
        """The line of a place, or of the nearest one around it."""
        while place not in self.lines:
            place = place[:-1]
        return self.lines[place]

    def error(self, what: str, *place: str | int, hint: str | None = None) -> InputError:
        """An error that points at a place."""
        return InputError(what, path=self.path, line=self.line(*place), hint=hint)


def spell(place: Sequence[str | int]) -> str:
    """A place as a person would write it: `limits.call_seconds`, `banned[0].name`."""
    parts = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return parts.removeprefix(".")
