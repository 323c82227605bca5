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
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
                aliases[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full
                aliases[alias.asname or alias.name] = full
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            name = _resolve(node, aliases)
            if name is not None:
                yield name


def _resolve(node: ast.expr, aliases: dict[str, str]) -> str | None:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in aliases:
        return None
    return ".".join([aliases[node.id], *reversed(parts)])
