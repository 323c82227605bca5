"""Which hidden tests can notice what a submission changed in the reference?

A test notices a change only where it gets to: from its own names to those of the helpers, fixtures and
oracles that it mentions, from there to the names of the module that these mention, and on to what those
mention. Whatever is not reached would run exactly as it does with the reference, and need not be run again
for each of hundreds of submissions that differ from the reference in one function.

Everything is read from the source and errs on the side of more tests: a name counts as mentioned wherever it
stands, as a variable, an attribute, an argument or a text. What a module does while it is loaded reaches
every test, and so does a change of its imports.
"""

from __future__ import annotations

import ast
import functools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.verify.overlay import Definition, names_of

# Who looks names up by computation may reach any of them.
_ANYTHING = frozenset(
    "__dict__ __import__ dir eval exec getmembers globals import_module locals vars".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What each hidden test gets to, by the test's name; None for a test that may get anywhere."""

    reference: str
    names: dict[str, frozenset[str] | None]
    lines: dict[str, int]  # of each test

    def tests_to_run(self, source: str, must_pass: Collection[str] = ()) -> tuple[str, ...]:
        """The tests that can tell `source` from the reference, and one that sees whether it loads: the
        shortest of the others, unless one of those that can tell is known to pass."""
        changed = changed_names(self.reference, source)
        near, far = list[str](), list[str]()
        for test, names in self.names.items():
            reaches = changed is None or names is None or not changed.isdisjoint(names)
            (near if reaches else far).append(test)
        if not set(near).isdisjoint(must_pass):
            return tuple(near)
        return (*near, *sorted(far, key=self.lines.__getitem__)[:1])


def read_reach(tests: Path, reference: str) -> Reach:
    """The reach of the tests in a folder of hidden tests, into the source of the reference."""
    module = ast.parse(reference)
    files = [ast.parse(path.read_bytes()) for path in sorted(tests.glob("*.py"))]
    mentions: defaultdict[str, set[str]] = defaultdict(set)
    for statement in [statement for tree in (*files, module) for statement in tree.body]:
        for name in _bound(statement):
            mentions[name] |= _mentioned(statement)
    everywhere = set(_loaded(module.body)).union(*map(_always, files))
    found = {
        statement.name: (statement.end_lineno or 0) - statement.lineno
        for tree in files
        for statement in tree.body
        if isinstance(statement, ast.FunctionDef) and statement.name.startswith("test")
    }
    names = {test: _closure({test, *everywhere}, mentions) for test in found}
    return Reach(reference=reference, names=names, lines=found)


def changed_names(reference: str, other: str) -> frozenset[str] | None:
    """The names of the module that stand for something else in `other`; None when more than names differ.

    `other` is what `ast.unparse` prints, as overlays and mutants are; another layout counts as a change.
    """
    before, after = _as_printed(reference), _by_name(other)
    changed = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
    return None if "" in changed else frozenset(changed)


@functools.lru_cache(maxsize=1)
def _as_printed(reference: str) -> dict[str, list[str]]:
    return _by_name(ast.unparse(ast.parse(reference)))


def _by_name(source: str) -> dict[str, list[str]]:
    """The text that binds each name; under "" the statements without a name."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    lines = source.split("\n")
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue  # a docstring
        first = min(node.lineno for node in (statement, *getattr(statement, "decorator_list", ())))
        text = "\n".join(lines[first - 1 : statement.end_lineno])
        for name in _bound(statement) or ("",):
            found[name].append(text)
    return dict(found)


def _bound(statement: ast.stmt) -> tuple[str, ...]:
    return names_of(statement)[:1] if isinstance(statement, Definition) else names_of(statement)


def _always(tree: ast.Module) -> set[str]:
    """What the statements without a name mention, and autouse fixtures, in a file of tests."""
    found = set[str]()
    for statement in tree.body:
        if not names_of(statement) or (isinstance(statement, Definition) and _is_automatic(statement)):
            found |= _mentioned(statement)
    return found


def _is_automatic(statement: Definition) -> bool:
    return any("autouse" in ast.unparse(decorator) for decorator in statement.decorator_list)


def _loaded(block: Iterable[ast.stmt]) -> Iterator[str]:
    """What the module mentions while it is loaded: all but annotations and the bodies of functions."""
    for statement in block:
        parts: list[ast.AST] = [statement]
        if isinstance(statement, Definition):
            parts = list(statement.decorator_list)
        if isinstance(statement, ast.ClassDef):
            parts += [*statement.bases, *statement.keywords]
            yield from _loaded(statement.body)
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            parts += [*statement.args.defaults, *filter(None, statement.args.kw_defaults)]
        for node in (node for part in parts for node in ast.walk(part)):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                yield node.id


def _mentioned(statement: ast.stmt) -> set[str]:
    """Every name in a statement, whatever it is used for."""
    found = set[str]()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
        elif isinstance(node, ast.alias):
            found |= {*node.name.split("."), node.asname or ""}
        elif _is_computed(node):
            found |= _ANYTHING
    return found


def _is_computed(node: ast.AST) -> bool:
    """`getattr` with a name that is put together."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "getattr"
        and not isinstance(node.args[1], ast.Constant | ast.Name | ast.Attribute | ast.Subscript)
    )


def _closure(start: set[str], mentions: dict[str, set[str]]) -> frozenset[str] | None:
    reached, waiting = set(start), list(start)
    while waiting:
        new = mentions.get(waiting.pop(), set()) - reached
        reached |= new
        waiting += new
    return None if reached & _ANYTHING else frozenset(reached)
