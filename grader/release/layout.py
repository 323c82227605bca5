"""Blank lines where something was cut out, as ruff would set them; nothing else is touched."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Line = tuple[int, str]  # line number in the reference, text
Definition = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
Import = (ast.Import, ast.ImportFrom)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    """The blank lines and comments between two statements of one body; `start` and `stop` are line indices."""

    start: int
    stop: int
    before: ast.stmt | None
    after: ast.stmt | None
    most: int  # blank lines that ruff allows in a row here
    docstring: bool  # `before` is the docstring of a module or class


def close_gaps(lines: Sequence[Line]) -> list[Line]:
    """Set the blank lines of every gap in which lines are missing; the rest stays as it is."""
    tree = ast.parse("\n".join(text for _, text in lines))
    closed = list(lines)
    for gap in sorted(_gaps(tree, len(lines)), key=lambda gap: gap.start, reverse=True):
        if _is_cut(lines, gap):
            closed[gap.start : gap.stop] = _close(lines[gap.start : gap.stop], gap)
    while closed and not closed[-1][1].strip():
        closed.pop()
    return closed


def first_line(statement: ast.stmt) -> int:
    """Where a statement begins, its decorators included."""
    decorators = statement.decorator_list if isinstance(statement, Definition) else []
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def last_line(statement: ast.stmt) -> int:
    """Where a statement ends."""
    return statement.end_lineno or statement.lineno


def bodies(tree: ast.AST) -> Iterator[tuple[ast.AST, list[ast.stmt]]]:
    """Every block of statements with its owner."""
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list) and block:
                yield node, block


def _gaps(tree: ast.Module, length: int) -> Iterator[_Gap]:
    for owner, block in bodies(tree):
        top = isinstance(owner, ast.Module)
        documented = isinstance(owner, ast.Module | ast.ClassDef) and ast.get_docstring(owner) is not None
        start = 0 if top else None
        before: ast.stmt | None = None
        for statement in [*block, *([None] if top else [])]:
            stop = length if statement is None else first_line(statement) - 1
            if start is not None and stop >= start:
                docstring = documented and before is block[0]
                most = 2 if top else 1
                yield _Gap(
                    start=start, stop=stop, before=before, after=statement, most=most, docstring=docstring
                )
            before = statement
            start = None if statement is None else last_line(statement)


def _is_cut(lines: Sequence[Line], gap: _Gap) -> bool:
    around = lines[max(gap.start - 1, 0) : gap.stop + 1]
    return any(second[0] - first[0] != 1 for first, second in zip(around, around[1:], strict=False))
