"""UNTRUSTED SIDE, but run before any student code: which banned names does a submission use?

Names are followed through imports and aliases (`import torch.nn.functional as F; F.softmax` is
`torch.nn.functional.softmax`). Hiding a name from this is easy; a ban is a rule for honest people, and a hint
for reviewers.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase


def banned_names(sources: Iterable[bytes], bans: Iterable[str]) -> list[str]:
    """The bans (dotted names, wildcards allowed) that any of the sources uses. A source that does not parse
    uses none."""
    bans = list(bans)
    if not bans:
        return []
    used = {name for source in sources for name in used_names(source)}
    return [ban for ban in bans if any(matches(name, ban) for name in used)]


def matches(name: str, ban: str) -> bool:
    """Whether a dotted name is the banned one, or lies inside a banned module."""
    return fnmatchcase(name, ban) or fnmatchcase(name, f"{ban}.*")


def used_names(source: bytes) -> Iterator[str]:
    """Full dotted names of everything imported, and of every attribute of something imported."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    aliases: dict[str, str] = {}
    starred: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
                root = alias.name.partition(".")[0]
                aliases[alias.asname or root] = alias.name if alias.asname else root
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield f"{node.module}.{alias.name}"
                aliases[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                starred += [node.module] if alias.name == "*" else []
    yield from _attributes(tree, aliases)
    for module in starred:
        yield from (f"{module}.{name}" for name in _foreign_names(tree))


def _attributes(tree: ast.AST, aliases: dict[str, str]) -> Iterator[str]:
    """The longest dotted name of each chain of attributes that starts at something imported."""
    inner: set[ast.expr] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or node in inner:
            continue
        parts, place = [node.attr], node.value
        while isinstance(place, ast.Attribute):
            inner.add(place)
            parts.append(place.attr)
            place = place.value
        if isinstance(place, ast.Name) and place.id in aliases:
            yield ".".join([aliases[place.id], *reversed(parts)])


def _foreign_names(tree: ast.AST) -> set[str]:
    """Names that are read and nowhere bound here: after `from m import *` they may be m's."""
    read, bound = set[str](), set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
    return read - bound
