"""From the reference to the stub: cut the marked spans, keep everything a student is to read.

In a function a span becomes `raise NotImplementedError`; in a class or at the top level it disappears.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.errors import InputError
from grader.release.imports import drop_unused
from grader.release.layout import Definition, Line, blocks, close_gaps, first_line, last_line
from grader.release.spans import BEGIN, Span, find_spans, parse_source

STATEMENT = "raise NotImplementedError"
AnyDefinition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def make_stub(source: str, path: Path) -> str:
    """The stub of a reference. `path` is named in errors.

    Raises InputError, with file and line, for markers that do not pair up, that cut a statement in two, or
    that hide a public function or class as a whole.
    """
    reference = parse_source(source, path)
    spans = find_spans(source, path)
    if not spans:
        hint = f"Put {BEGIN!r} and its end around what students must write."
        raise InputError("nothing is marked: the stub would be the solution", path=path, line=1, hint=hint)
    lines = _cut(source, reference, spans, path)
    _parse_stub(lines, path)
    lines = close_gaps(drop_unused(lines, reference))
    stub = _parse_stub(lines, path)
    _refuse_lost_definitions(reference, stub, path)
    return "\n".join(text for _, text in lines) + "\n"


def _cut(source: str, reference: ast.Module, spans: Sequence[Span], path: Path) -> list[Line]:
    rows = dict(enumerate(source.split("\n"), start=1))
    for span in spans:
        kept = " " * span.indent + STATEMENT if _is_in_function(source, reference, span, path) else None
        for number in range(span.begin, span.end + 1):
            del rows[number]
        if kept is not None:
            rows[span.begin] = kept
    return sorted(rows.items())


def _is_in_function(source: str, reference: ast.Module, span: Span, path: Path) -> bool:
    """Whether a span stands in a function's body. Raises InputError unless it holds whole statements."""
    runs = [run for run in _runs(reference, span) if run]
    if not runs:
        raise InputError("no whole statement between the markers", path=path, line=span.begin)
    # Blocks come parents first, so the first run holds all others, unless the markers tear something apart.
    _refuse_torn(source, span, runs[0], path)
    if runs[0][0].col_offset != span.indent:
        hint = "Indent the markers like the code between them."
        raise InputError(f"{BEGIN!r} is not in line with its code", path=path, line=span.begin, hint=hint)
    return _is_innermost_a_function(reference, runs[0][0])


def _runs(reference: ast.Module, span: Span) -> Iterator[list[ast.stmt]]:
    """For every block, its statements that lie within the span."""
    for _, block in blocks(reference):
        yield [
            statement
            for statement in block
            if span.begin < first_line(statement) and last_line(statement) < span.end
        ]


def _refuse_torn(source: str, span: Span, run: Sequence[ast.stmt], path: Path) -> None:
    covered = {
        number for statement in run for number in range(first_line(statement), last_line(statement) + 1)
    }
    rows = source.split("\n")
    loose = [
        number
        for number in range(span.begin, span.end + 1)
        if number not in covered
        and rows[number - 1].strip()
        and not rows[number - 1].lstrip().startswith("#")
    ]
    if loose:
        hint = "Mark a run of whole statements of one block."
        raise InputError("the markers cut a statement in two", path=path, line=loose[0], hint=hint)


def _is_innermost_a_function(reference: ast.Module, statement: ast.stmt) -> bool:
    """Whether the innermost definition around a statement is a function (outer ones are walked first)."""
    around = [
        node
        for node in ast.walk(reference)
        if isinstance(node, Definition)
        and node is not statement
        and any(child is statement for child in ast.walk(node))
    ]
    return bool(around) and not isinstance(around[-1], ast.ClassDef)


def _parse_stub(lines: Sequence[Line], path: Path) -> ast.Module:
    try:
        return ast.parse("\n".join(text for _, text in lines))
    except SyntaxError as error:
        number = lines[min(error.lineno or 1, len(lines)) - 1][0]
        hint = "Something there needs what the markers take away; move them."
        raise InputError(
            f"the stub would not parse: {error.msg}", path=path, line=number, hint=hint
        ) from error


def _refuse_lost_definitions(reference: ast.Module, stub: ast.Module, path: Path) -> None:
    kept = dict(_surface(stub.body))
    for name, definition in _surface(reference.body):
        if name not in kept:
            hint = f"Mark only what stands under its docstring, or call it _{name.rpartition('.')[2]}."
            raise InputError(f"the stub would lose {name}", path=path, line=definition.lineno, hint=hint)
        if _face(definition) != _face(kept[name]):
            hint = "Move the markers below the docstring."
            what = f"the stub would change the signature or docstring of {name}"
            raise InputError(what, path=path, line=definition.lineno, hint=hint)


def _surface(block: Sequence[ast.stmt], prefix: str = "") -> Iterator[tuple[str, AnyDefinition]]:
    """Public functions and classes, and the public methods of those, with dotted names."""
    for statement in block:
        if isinstance(statement, Definition) and _is_public(statement.name):
            yield prefix + statement.name, statement
            if isinstance(statement, ast.ClassDef):
                yield from _surface(statement.body, f"{prefix}{statement.name}.")


def _is_public(name: str) -> bool:
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__"))


def _face(statement: AnyDefinition) -> tuple[str, ...]:
    """What a reader of the stub sees of a definition: everything but the body, and the docstring."""
    parts = [value for field, value in ast.iter_fields(statement) if field != "body"]
    flat = [item for part in parts for item in (part if isinstance(part, list) else [part])]
    faces = [ast.dump(item) if isinstance(item, ast.AST) else str(item) for item in flat]
    return (type(statement).__name__, *faces, str(ast.get_docstring(statement)))
