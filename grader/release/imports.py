"""Imports that only the solution needed leave with it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from grader.release.layout import Import, Line, first_line, last_line

LINE_LENGTH = 110  # as ruff is configured in pyproject.toml


def drop_unused(lines: Sequence[Line], reference: ast.Module) -> list[Line]:
    """Remove top-level imported names that the reference uses and `lines` do not.

    An import that the reference does not use either is there on purpose, and stays.
    """
    stub = ast.parse("\n".join(text for _, text in lines))
    lost = names_used(reference) - names_used(stub)
    kept = list(lines)
    for statement in reversed(stub.body):
        if isinstance(statement, Import) and any(_bound(alias) in lost for alias in statement.names):
            start, stop = first_line(statement) - 1, last_line(statement)
            kept[start:stop] = [(lines[start][0], text) for text in _without(statement, lost)]
    return kept


def names_used(tree: ast.Module) -> set[str]:
    """Names that the code reads, in annotations written as text and in `__all__` too."""
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for text in _texts_that_name(tree):
        try:
            used |= {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
        except SyntaxError:
            continue  # an ordinary text, as in Literal["a b"]
    return used


def _texts_that_name(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        holders = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.Assign) and any(ast.unparse(target) == "__all__" for target in node.targets):
            holders.append(node.value)
        for holder in holders:
            for part in ast.walk(holder) if holder else ():
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _without(statement: ast.Import | ast.ImportFrom, lost: set[str]) -> list[str]:
    """The statement's lines without the lost names: on one line if they fit, else one name a line."""
    names = [ast.unparse(alias) for alias in statement.names if _bound(alias) not in lost]
    if not names:
        return []
    if isinstance(statement, ast.Import):
        return [f"import {', '.join(names)}"]
    head = f"from {'.' * statement.level}{statement.module or ''} import "
    if len(head) + len(", ".join(names)) <= LINE_LENGTH:
        return [head + ", ".join(names)]
    return [f"{head}(", *(f"    {name}," for name in names), ")"]
