"""Mutants of a reference: complete submissions that differ from it by one small mistake.

Only what stands between the solution markers is mutated, by the syntax tree. A mutant that compiles to the
same bytecode as the reference, or as an earlier mutant, is left out.
"""

from __future__ import annotations

import ast
import copy
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import CodeType
from typing import Any

from grader.release.spans import Span, find_spans, parse_source
from grader.verify.mutations import Place, changes, is_number

Function = ast.FunctionDef | ast.AsyncFunctionDef
# What no test can see, or what a student is given.
_LEFT_ALONE = {"annotation", "returns", "decorator_list", "exc", "cause", "msg"}
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
TOP_LEVEL = "<module>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One mistake, and the whole submission that has it. `before` and `after` are a statement or its head."""

    id: str  # the same as long as function and statement are
    line: int  # of the reference
    function: str  # its qualified name, or <module>
    mutation: str
    before: str
    after: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Site:
    """A node that may be mutated, and where it hangs in the tree."""

    parent: ast.AST
    field: str
    index: int | None  # in a field that is a list
    node: Any
    statement: ast.stmt
    function: str
    place: Place

    def put(self, node: ast.AST) -> None:
        """Hang a node there."""
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def make_mutants(reference: str, path: Path) -> tuple[Mutant, ...]:
    """Every mutant of a reference's marked spans, in the order of its lines. `path` is named in errors.

    Raises InputError, with the line, for a reference that is not Python or whose markers do not pair up.
    """
    tree = parse_source(reference, path)
    seen = {_meaning(ast.unparse(tree))}
    known: Counter[tuple[str, ...]] = Counter()
    mutants: list[Mutant] = []
    for site in list(_Walk(find_spans(reference, path)).sites(tree)):
        for mutation, node in changes(site.node, site.place):
            mutant = _mutant(tree, site, mutation, node, known)
            meaning = _meaning(mutant.source)
            if meaning not in seen:
                seen.add(meaning)
                mutants.append(mutant)
    return tuple(sorted(mutants, key=lambda mutant: mutant.line))


def _mutant(
    tree: ast.Module, site: _Site, mutation: str, node: ast.AST, known: Counter[tuple[str, ...]]
) -> Mutant:
    before = _row(site.statement)
    site.put(node)
    replaced = site.node is site.statement and isinstance(node, ast.stmt)
    after, source = _row(node if replaced else site.statement), ast.unparse(tree) + "\n"
    site.put(site.node)
    if after == before:  # what is new stands in the block below
        after = f"{before} ... break"
    what = (site.function, mutation, before, after)
    known[what] += 1
    digest = hashlib.sha256("\0".join((*what, str(known[what]))).encode()).hexdigest()
    return Mutant(
        id=f"m{digest[:8]}",  # the letter keeps YAML from reading a number
        line=getattr(site.node, "lineno", site.statement.lineno),
        function=site.function,
        mutation=mutation,
        before=before,
        after=after,
        source=source,
    )


def _row(statement: Any) -> str:
    """A statement in one line; of a compound one, its head."""
    if not hasattr(statement, "body"):
        return ast.unparse(statement)
    head = copy.copy(statement)
    for field in (*_BLOCKS, "decorator_list"):
        if hasattr(head, field):
            setattr(head, field, [])
    head.body = [ast.Pass()]
    return ast.unparse(head).partition("\n")[0]


class _Walk:
    """Goes through a module in the order of its lines."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = spans

    def sites(self, module: ast.Module) -> Iterator[_Site]:
        """What stands within a span and may be mutated."""
        yield from self._block(module, "body", (), Place())

    def _block(self, parent: ast.AST, field: str, names: tuple[str, ...], place: Place) -> Iterator[_Site]:
        for index, statement in enumerate(getattr(parent, field)):
            if not isinstance(statement, ast.stmt):  # an except clause, a case
                yield from self._blocks(statement, names, place)
                continue
            if self._is_marked(statement):
                site = _Site(
                    parent=parent,
                    field=field,
                    index=index,
                    node=statement,
                    statement=statement,
                    function=".".join(names) or TOP_LEVEL,
                    place=place,
                )
                yield site
                yield from self._expressions(statement, site)
            yield from self._blocks(statement, names, place)
            place = _after(statement, place)

    def _blocks(self, node: ast.AST, names: tuple[str, ...], place: Place) -> Iterator[_Site]:
        if isinstance(node, Function | ast.ClassDef):
            names = (*names, node.name)
            place = Place(bound=_arguments(node) if isinstance(node, Function) else frozenset())
        else:
            place = _after(node, Place(bound=place.bound, in_branch=True), head_only=True)
        for field in _BLOCKS:
            if isinstance(getattr(node, field, None), list):
                yield from self._block(node, field, names, place)

    def _is_marked(self, statement: ast.stmt) -> bool:
        last = statement.end_lineno or statement.lineno
        return any(span.begin < statement.lineno and last < span.end for span in self.spans)

    def _expressions(self, parent: ast.AST, around: _Site) -> Iterator[_Site]:
        for field, value in ast.iter_fields(parent):
            if field in _LEFT_ALONE or (field in _BLOCKS and isinstance(value, list)):
                continue
            for index, child in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr):
                    place = index if isinstance(value, list) else None
                    site = replace(around, parent=parent, field=field, index=place, node=child)
                    yield site
                    if not is_number(child):
                        yield from self._expressions(child, site)


def _arguments(function: Function) -> frozenset[str]:
    return frozenset(node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg))


def _after(node: ast.AST, place: Place, *, head_only: bool = False) -> Place:
    """The place behind a statement, or inside it: what it binds has a value there."""
    parts = [node]
    if head_only:
        fields = [value for field, value in ast.iter_fields(node) if field not in _BLOCKS]
        parts = [part for value in fields for part in (value if isinstance(value, list) else [value])]
    bound = {
        inner.id
        for part in parts
        if isinstance(part, ast.AST)
        for inner in ast.walk(part)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
    }
    return Place(bound=place.bound | bound, in_branch=place.in_branch)


def _meaning(source: str) -> str:
    """A digest of the bytecode of a module, wherever its lines stand."""
    code = compile(source, "mutant", "exec", dont_inherit=True)
    return hashlib.sha256(repr(_code(code)).encode()).hexdigest()


def _code(code: CodeType) -> tuple[object, ...]:
    constants = [_code(value) if isinstance(value, CodeType) else repr(value) for value in code.co_consts]
    names = (code.co_names, code.co_varnames, code.co_cellvars, code.co_freevars)
    counts = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags)
    return (code.co_name, code.co_code, code.co_exceptiontable, names, counts, constants)
