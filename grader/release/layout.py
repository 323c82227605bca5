"""Blank lines where something was cut out, as ruff would set them; nothing else is touched."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Line = tuple[int, str]  # line number in the reference, text
Definition = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
Import = (ast.Import, ast.ImportFrom)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    """The blank lines and comments between two statements of one body; `start` and `stop` index lines."""

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
    for gap in sorted(_gaps(tree, lines), key=lambda gap: gap.start, reverse=True):
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


def blocks(tree: ast.AST) -> Iterator[tuple[ast.AST, list[ast.stmt]]]:
    """Every block of statements, with the node that owns it."""
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list) and block:
                yield node, block


def _gaps(tree: ast.Module, lines: Sequence[Line]) -> Iterator[_Gap]:
    for owner, block in blocks(tree):
        top = isinstance(owner, ast.Module)
        documented = isinstance(owner, ast.Module | ast.ClassDef) and ast.get_docstring(owner) is not None
        pairs = [(None, block[0]), *pairwise(block), *([(block[-1], None)] if top else [])]
        for before, after in pairs:
            stop = first_line(after) - 1 if after else len(lines)
            start = last_line(before) if before else _after_header(lines, stop)
            if start <= stop:  # statements joined by a semicolon have no gap
                docstring = documented and before is block[0]
                most = 2 if top else 1
                yield _Gap(start=start, stop=stop, before=before, after=after, most=most, docstring=docstring)


def _after_header(lines: Sequence[Line], stop: int) -> int:
    """Index of the line after `class X:`, or whatever opens the block whose first statement is at `stop`."""
    while stop and (not lines[stop - 1][1].strip() or lines[stop - 1][1].lstrip().startswith("#")):
        stop -= 1
    return stop


def _is_cut(lines: Sequence[Line], gap: _Gap) -> bool:
    numbers = [number for number, _ in lines[max(gap.start - 1, 0) : gap.stop + 1]]
    if gap.start == 0:
        numbers.insert(0, 0)
    return any(second - first != 1 for first, second in pairwise(numbers))


def _close(rows: Sequence[Line], gap: _Gap) -> list[Line]:
    inner = _comments_of_block_before(rows, gap)
    kept, runs = list(rows[:inner]), _runs(rows[inner:])
    if len(runs) == 1:
        return kept + _blank(_lines_between(gap, runs[0][0]))
    counts = [min(count, gap.most) for count, _ in runs]
    wanted = gap.most if isinstance(gap.after, Definition) else 1 if gap.docstring else None
    if wanted is not None:
        # Comments right above a statement belong to it: the blank lines go before them.
        counts[-1 if counts[-1] else -2] = wanted
    if gap.after is None:
        counts[-1] = 0
    if gap.before is None or isinstance(gap.before, Definition):
        counts[0] = gap.most if gap.before else 0
    elif isinstance(gap.before, Import) and not any(counts):
        counts[0] = 1
    return kept + [
        row for count, (_, run) in zip(counts, runs, strict=True) for row in (*_blank(count), *run)
    ]


def _runs(rows: Sequence[Line]) -> list[tuple[int, list[Line]]]:
    """Blank lines and the comments after them, again and again; the last run is blank lines alone."""
    runs: list[tuple[int, list[Line]]] = [(0, [])]
    for row in rows:
        if row[1].strip():
            runs[-1][1].append(row)
        elif runs[-1][1]:
            runs.append((1, []))
        else:
            runs[-1] = (runs[-1][0] + 1, [])
    return runs if not runs[-1][1] else [*runs, (0, [])]


def _comments_of_block_before(rows: Sequence[Line], gap: _Gap) -> int:
    """How many of the first lines belong to the body of the statement before: deeper comments at its end."""
    column = gap.before.col_offset if gap.before else 0
    deeper = [
        index + 1
        for index, (_, text) in enumerate(rows)
        if text.strip() and len(text) - len(text.lstrip()) > column
    ]
    return deeper[-1] if deeper and gap.before else 0


def _lines_between(gap: _Gap, present: int) -> int:
    """Blank lines between the two statements, when nothing but blank lines is there."""
    if gap.after is None or gap.before is None:
        return 0
    if isinstance(gap.before, Definition) or isinstance(gap.after, Definition):
        return gap.most
    if gap.docstring:
        return 1
    if isinstance(gap.before, Import):
        return min(present, 1) if isinstance(gap.after, Import) else max(min(present, gap.most), 1)
    return min(present, gap.most)


def _blank(count: int) -> list[Line]:
    return [(0, "")] * count
