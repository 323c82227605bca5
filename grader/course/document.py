"""A YAML file as plain data that remembers on which line everything stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import InputError

MAX_BYTES = 1 << 20

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


def read_text(path: Path) -> str:
    """A UTF-8 file as text. Raises InputError when it is not there, too large, or not UTF-8."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise InputError(f"larger than {MAX_BYTES} bytes", path=path, hint="Is this the right file?")
        return content.decode("utf-8-sig")
    except OSError as error:
        hint = "Restore the file, or correct the name that leads to it."
        raise InputError(f"cannot read: {error.strerror or error}", path=path, hint=hint) from error
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError("not UTF-8 text", path=path, line=line, hint="Save the file as UTF-8.") from error
