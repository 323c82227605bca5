"""UNTRUSTED SIDE, but run before any student code: which banned names does a submission use?

Names are followed through imports, aliases and texts that are spelt out:
`F = getattr(torch, "nn").functional; F.softmax` is `torch.nn.functional.softmax`. A name that is only made
while the program runs is not found, but the place where it may be looked up is: a reviewer is told of it.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import TypeGuard


def banned_names(sources: Iterable[bytes], bans: Iterable[str]) -> list[str]:
    """The bans (dotted names, wildcards allowed) that any of the sources uses. A source that does not parse
    uses none."""
    bans = list(bans)
    if not bans:
        return []
    used = {name for source in sources for name in used_names(source)}
    return [ban for ban in bans if any(matches(name, ban) for name in used)]


# Ways to get at a name that stands nowhere: by builtins, by attributes, by modules that open second doors.
_BUILTINS = frozenset("__builtins__ eval exec globals locals vars".split())
_ATTRIBUTES = frozenset(
    "__builtins__ __dict__ __getattr__ __getattribute__ __globals__ __subclasses__ f_globals".split()
)
_DOORS = (
    *("builtins", "ctypes", "gc", "inspect", "pickle", "runpy", "sys.modules", "torch._C", "torch.ops"),
    *("operator.attrgetter", "operator.methodcaller"),
)
_ENOUGH = 5
_TAKE_A_NAME = {"getattr": 1, "__import__": 0, "import_module": 0}  # and as which argument


def lookups(source: bytes) -> list[str]:
    """Where a source may look names up while it runs: `line 7: getattr`, and modules that lead anywhere."""
    tree = _parsed(source)
    spelt_out = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call) and _names_its_name(node)}
    found = {(node.lineno, name) for node, name in _ways(tree) if node not in spelt_out}
    used = set(used_names(source))
    doors = [door for door in _DOORS if any(matches(name, door) for name in used)]
    return [f"line {line}: {name}" for line, name in sorted(found)] + doors


def lookups_by_file(files: Mapping[str, bytes]) -> list[str]:
    """`task.py, line 7: getattr`, of all files; the first few say enough."""
    places = [f"{name}, {place}" for name, source in files.items() for place in lookups(source)]
    return places[:_ENOUGH]


def _ways(tree: ast.AST) -> Iterator[tuple[ast.expr | ast.pattern, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and (node.id in _BUILTINS or node.id in _TAKE_A_NAME):
            yield node, node.id
        elif isinstance(node, ast.Attribute) and (node.attr in _ATTRIBUTES or node.attr in _TAKE_A_NAME):
            yield node, node.attr
        elif isinstance(node, ast.MatchClass) and node.kwd_attrs:
            yield node, "case with attributes"


def _names_its_name(call: ast.Call) -> bool:
    """Whether it takes a name, which is then followed, and the name is spelt out."""
    place = _TAKE_A_NAME.get(_called(call), len(call.args))
    return place < len(call.args) and bool(_text(call.args[place]))


def matches(name: str, ban: str) -> bool:
    """Whether a dotted name is the banned one, or lies inside a banned module."""
    return fnmatchcase(name, ban) or fnmatchcase(name, f"{ban}.*")


def used_names(source: bytes) -> Iterator[str]:
    """Full dotted names of everything imported, and of every attribute of something imported."""
    tree = _parsed(source)
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
    _add_assigned(tree, aliases)
    yield from _chains(tree, aliases)
    for module in starred:
        yield from (f"{module}.{name}" for name in _foreign_names(tree))


def _parsed(source: bytes) -> ast.Module:
    """The tree; an empty one of what does not parse."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module(body=[], type_ignores=[])


def _add_assigned(tree: ast.AST, aliases: dict[str, str]) -> None:
    """Names that are bound once, to something imported: `F = torch.nn.functional`."""
    bound = Counter(node.id for node in ast.walk(tree) if _is_bound(node))
    bound.update(node.arg for node in ast.walk(tree) if isinstance(node, ast.arg))
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name, (dotted, _) = node.targets[0].id, _dotted(node.value, aliases)
            if dotted and len(node.targets) == bound[name] == 1:
                aliases.setdefault(name, dotted)


def _is_bound(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _chains(tree: ast.AST, aliases: dict[str, str]) -> Iterator[str]:
    """The longest dotted name of each chain of attributes that starts at something imported."""
    inner: set[ast.expr] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Call) and node not in inner:
            dotted, passed = _dotted(node, aliases)
            inner.update(passed)
            if dotted:
                yield dotted


def _dotted(node: ast.expr, aliases: Mapping[str, str]) -> tuple[str, list[ast.expr]]:
    """The name that an expression stands for, empty if none, and the expressions that are part of it."""
    parts: list[str] = []
    passed: list[ast.expr] = []
    while True:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Name) and node.id in aliases:
            return ".".join([aliases[node.id], *reversed(parts)]), passed
        elif isinstance(node, ast.Call) and node.args:
            function = _called(node)
            if function == "getattr" and len(node.args) > 1:
                parts.append(_text(node.args[1]) or "?")
                node = node.args[0]
            elif function in ("__import__", "import_module"):
                return ".".join(filter(None, [_text(node.args[0]), *reversed(parts)])), passed
            else:
                return "", passed
        else:
            return "", passed
        passed.append(node)


def _called(node: ast.Call) -> str:
    """The last part of the name that is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _text(node: ast.expr) -> str:
    """A string that is spelt out, perhaps in pieces; empty for anything else."""
    pieces: list[str] = []
    waiting = [node]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, ast.BinOp) and isinstance(piece.op, ast.Add):
            waiting += [piece.left, piece.right]
        elif isinstance(piece, ast.Constant) and isinstance(piece.value, str):
            pieces.append(piece.value)
        else:
            return ""
    return "".join(reversed(pieces))


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
