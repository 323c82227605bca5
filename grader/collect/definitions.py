"""From the cells of a notebook to a module: the definitions, and what they need; all else becomes a comment.

A notebook holds trials beside the work: calls that plot, assertions about a half-written function, hours of
training. As a module it would run them at every import. So functions and classes are kept; of the rest, what
something kept refers to, and assignments that only give a thing a name (`norm = partial(layer_norm, 1e-5)`).
"""

from __future__ import annotations

import ast
import builtins
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set

from grader.collect.cells import commented
from grader.collect.statements import BROKEN, Chunk, read_chunks, root_name

# A declared encoding counts in the first two lines only: they are not the student's.
_HEADER = "# The code cells of a notebook. What its definitions do not need stands here as comments."
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_ASSIGNMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign)
# Calls that make something to be called, and do no work yet; a constructor is told by its capital.
_MAKERS = {"attrgetter", "cache", "compile", "itemgetter", "jit", "lru_cache", "methodcaller", "partial"}
_MAKERS |= {"frompyfunc", "script", "vectorize"}
_LOUD = {"__import__", "breakpoint", "eval", "exec", "exit", "input", "open", "print", "quit"}
_QUIET = frozenset(dir(builtins)) - _LOUD
_HARMLESS = sys.stdlib_module_names | {"numpy", "torch"}


def to_module(cells: Sequence[str]) -> str:
    """Source of a module that compiles. A cell that is no Python is a comment with the reason."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an odd escape in a string is the student's business
        read = [_read(cell) for cell in cells]
    chunks = [chunk for _, own in read for chunk in own]
    features = dict.fromkeys(feature for chunk in chunks for feature in chunk.features)
    future = f"from __future__ import {', '.join(features)}" if features else "#"
    kept = _Choice([chunk for chunk in chunks if not chunk.features]).make()
    parts = [f"{_HEADER}\n{future}\n"]
    for number, (cell, (reason, own)) in enumerate(zip(cells, read, strict=True), 1):
        lines = {line for chunk in own if chunk in kept for line in range(chunk.first, chunk.last + 1)}
        parts.append(f"\n# Code cell {number}{reason}\n{_written(cell, lines)}\n")
    return "".join(parts)


def _read(cell: str) -> tuple[str, list[Chunk]]:
    """Why a cell is left out, and its chunks."""
    try:
        return "", read_chunks(cell)
    except SyntaxError as error:
        return f" is left out: {' '.join(error.msg.split())}, line {error.lineno or 1}", []
    except BROKEN:
        return " is left out: it is no Python", []


def _written(cell: str, lines: Set[int]) -> str:
    """`cell` with every line in its place, all but `lines` as comments."""
    return "\n".join(
        text if number in lines or text.lstrip(" \t\f").startswith("#") else commented(text)
        for number, text in enumerate(cell.split("\n"), 1)
    )


class _Choice:
    """Which chunks of a notebook are kept."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        nodes = [node for chunk in chunks for node in chunk.body]
        self._chunks = chunks
        self._modules = {name: module for node in nodes for name, module in _imported(node)}
        self._harmless = {name for name, module in self._modules.items() if module in _HARMLESS}
        self._defined = {node.name for node in nodes if isinstance(node, _DEFINITIONS)}
        self._makers = {node.name for node in nodes if isinstance(node, _DEFINITIONS) and _is_maker(node)}
        self._kept: set[Chunk] = set()
        self._bound: set[str] = set(_QUIET)
        self._binders: dict[str, list[Chunk]] = defaultdict(list)
        for chunk in chunks:
            for name in self._binds_or_changes(chunk):
                self._binders[name].append(chunk)

    def make(self) -> set[Chunk]:
        """The definitions and what they need; then, from top to bottom, what only gives names."""
        self._keep([chunk for chunk in self._chunks if self._is_definition(chunk)])
        for chunk in self._chunks:
            if self._only_names(chunk):
                self._keep([chunk])
        return self._kept

    def _binds_or_changes(self, chunk: Chunk) -> set[str]:
        """A module is not changed: `np.random.seed(0)` is a mere call."""
        if all(isinstance(node, ast.Delete) for node in chunk.body):
            return set()
        return {*chunk.binds, *(name for name in chunk.changes if name not in self._modules)}

    def _keep(self, waiting: list[Chunk]) -> None:
        while waiting:
            chunk = waiting.pop()
            if chunk not in self._kept:
                self._kept.add(chunk)
                self._bound |= chunk.binds
                waiting += [other for name in chunk.uses for other in self._binders.pop(name, ())]

    def _is_definition(self, chunk: Chunk) -> bool:
        """Functions, classes, `import *`, and other names for functions, classes and what was imported."""
        return "*" in chunk.binds or any(
            _holds_definition(node)
            or (isinstance(node, ast.Assign | ast.AnnAssign) and self._is_alias(node.value))
            for node in chunk.body
        )

    def _is_alias(self, value: ast.expr | None) -> bool:
        if isinstance(value, ast.Name | ast.Attribute):
            return root_name(value) in self._defined or root_name(value) in self._modules
        return isinstance(value, ast.Lambda)

    def _only_names(self, chunk: Chunk) -> bool:
        """Whether it assigns, refers to nothing that was left out, calls nothing that may work or fail."""
        there = (self._bound, self._harmless, chunk.binds if len(chunk.body) > 1 else ())
        return (
            all(isinstance(node, _ASSIGNMENTS) for node in chunk.body)
            and all(any(name in names for names in there) for name in chunk.uses | chunk.changes)
            and all(self._is_quiet(call) for node in chunk.body for call in _calls(node))
        )

    def _is_quiet(self, call: ast.Call) -> bool:
        root = root_name(call.func)
        last = call.func.attr if isinstance(call.func, ast.Attribute) else root
        if root in self._harmless:
            return last in _MAKERS or last[:1].isupper() or any(map(self._is_alias, call.args))
        return root in self._makers or (root in _QUIET and last == root)


def _imported(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """Each name that a statement imports, and the package that it is from."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            module = node.module or "" if isinstance(node, ast.ImportFrom) else alias.name
            yield alias.asname or alias.name.partition(".")[0], module.partition(".")[0]


def _holds_definition(node: ast.stmt) -> bool:
    if isinstance(node, ast.If | ast.Try):
        return any(isinstance(inner, _DEFINITIONS) for inner in ast.walk(node))
    return isinstance(node, _DEFINITIONS)


def _is_maker(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    """A function that returns a function of its own, or a class whose objects can be called."""
    inner = {one.name for one in ast.walk(node) if isinstance(one, _DEFINITIONS) and one is not node}
    if isinstance(node, ast.ClassDef):
        return "__call__" in inner
    given = [one.value for one in ast.walk(node) if isinstance(one, ast.Return)]
    return any(isinstance(one, ast.Lambda) or getattr(one, "id", None) in inner for one in given)


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    """The calls that running `node` makes."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call):
            yield node
        if not isinstance(node, ast.Lambda):
            waiting += ast.iter_child_nodes(node)
