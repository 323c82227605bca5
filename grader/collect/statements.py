"""The statements of a notebook's cell, and the names of the module that each has to do with."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

BROKEN = (SyntaxError, ValueError, RecursionError, MemoryError)  # what a compiler says of hostile source
_FEATURES = {"absolute_import", "annotations", "division", "generator_stop", "generators", "nested_scopes"}
_FEATURES |= {"print_function", "unicode_literals", "with_statement"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chunk:
    """The statements on some lines of a cell: one, unless several share a line."""

    first: int
    last: int
    body: tuple[ast.stmt, ...]
    binds: frozenset[str]
    uses: frozenset[str]  # also in the functions and classes that it defines
    changes: frozenset[str]  # whose object it changes: `table[0] = 1`, `table.append(1)`, `x += 1`
    features: tuple[str, ...]  # imported from `__future__`


def read_chunks(cell: str) -> list[Chunk]:
    """What of `cell` compiles by itself, which a `return` outside a function does not.

    Raises one of BROKEN when the cell is no Python.
    """
    groups: list[list[ast.stmt]] = []
    for node in ast.parse(cell).body:
        if groups and first_line(node) <= (groups[-1][-1].end_lineno or 0):
            groups[-1].append(node)
        else:
            groups.append([node])
    lines = cell.split("\n")
    return [chunk for group in groups for chunk in _chunk(lines, group)]


def first_line(node: ast.stmt) -> int:
    """Where a statement begins, with its decorators."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])


def root_name(node: ast.expr) -> str:
    """`table` of `table.rows[0]`; empty when it is no name."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _chunk(lines: Sequence[str], group: Sequence[ast.stmt]) -> Iterator[Chunk]:
    first, last = first_line(group[0]), max(node.end_lineno or 0 for node in group)
    text = "\n".join(lines[first - 1 : last])
    try:
        compile(text, "cell", "exec", dont_inherit=True)
        table = symtable.symtable(text, "cell", "exec")
    except BROKEN:
        return
    yield Chunk(
        first=first,
        last=last,
        body=tuple(group),
        binds=frozenset([*_bound(table), *_starred(group)]),
        uses=frozenset(_used(table)),
        changes=frozenset(_changed(group)),
        features=tuple(_features(group)),
    )


def _bound(table: symtable.SymbolTable) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
            yield symbol.get_name()


def _starred(group: Sequence[ast.stmt]) -> Iterator[str]:
    for node in group:
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            yield "*"


def _features(group: Sequence[ast.stmt]) -> Iterator[str]:
    for node in group:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            yield from (alias.name for alias in node.names if alias.name in _FEATURES)


def _used(table: symtable.SymbolTable) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (table.get_type() == "module" or symbol.is_global()):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _used(inner)


def _changed(group: Sequence[ast.stmt]) -> Iterator[str]:
    """The empty name where it cannot be told, as for `globals()["x"] = 1`."""
    for node in (node for statement in group for node in ast.walk(statement)):
        if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            yield root_name(node)
        elif isinstance(node, ast.AugAssign):
            yield root_name(node.target)
        elif isinstance(node, ast.Expr):
            method = node.value.func if isinstance(node.value, ast.Call) else None
            if isinstance(method, ast.Attribute):
                yield root_name(method)
