"""Marked spans: what stands between `### BEGIN SOLUTION` and `### END SOLUTION` in a reference."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.errors import InputError

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
# A misspelt marker would publish the solution: whatever comes near must be exact.
_NEAR_MARKER = re.compile(r"#+\s*(begin|end|start|stop)\W*solutions?\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Lines (counted from 1) of the two markers, and how far the first is indented."""

    begin: int
    end: int
    indent: int

    def __contains__(self, line: int) -> bool:
        return self.begin <= line <= self.end


def parse_source(source: str, path: Path) -> ast.Module:
    """The syntax tree. Raises InputError with file and line when `source` is not Python."""
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise InputError(f"not valid Python: {error.msg}", path=path, line=error.lineno or 1) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"not valid Python: {error}", path=path, line=1) from error


def find_spans(source: str, path: Path) -> tuple[Span, ...]:
    """The marked spans of a module, in order. Raises InputError for markers that do not pair up."""
    parse_source(source, path)
    spans: list[Span] = []
    opened: tuple[int, int] | None = None
    for marker, line, indent in _markers(source, path):
        if marker == BEGIN and opened:
            raise InputError(
                f"a second {BEGIN!r} before the span of line {opened[0]} ends", path=path, line=line
            )
        if marker == BEGIN:
            opened = (line, indent)
        elif opened is None:
            raise InputError(f"{END!r} without {BEGIN!r}", path=path, line=line)
        else:
            spans.append(Span(begin=opened[0], end=line, indent=opened[1]))
            opened = None
    if opened:
        raise InputError(f"{BEGIN!r} without {END!r}", path=path, line=opened[0])
    return tuple(spans)


def _markers(source: str, path: Path) -> Iterator[tuple[str, int, int]]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        comment, (line, column) = token.string.rstrip(), token.start
        if token.type != tokenize.COMMENT or not _NEAR_MARKER.fullmatch(comment):
            continue
        if comment not in (BEGIN, END) or token.line[:column].strip():
            hint = f"Write exactly {BEGIN!r} or {END!r}, alone on its line."
            raise InputError(f"{comment!r} looks like a marker", path=path, line=line, hint=hint)
        yield comment, line, column
