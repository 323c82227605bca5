"""Names for the assertions of hidden tests that last: a line number would change with every edit above it."""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

Lines = Mapping[tuple[str, int], str]  # the digest of the statement by file and line


def read_lines(tests: Path) -> Lines:
    """A digest for every statement of the test files: of its function, its text, and its occurrence there."""
    lines: dict[tuple[str, int], str] = {}
    for path in sorted(tests.glob("*.py")):
        known: Counter[tuple[str, str]] = Counter()
        for function, statement in _statements(ast.parse(path.read_text("utf-8")), ""):
            what = (function, ast.unparse(statement))
            known[what] += 1
            digest = hashlib.sha256("\0".join((*what, str(known[what]))).encode()).hexdigest()[:6]
            # Inner statements come later, and take their lines from the outer ones.
            for number in range(statement.lineno, (statement.end_lineno or statement.lineno) + 1):
                lines[path.name, number] = digest
    return lines


def key_of(label: str, place: tuple[str, int], lines: Lines) -> str:
    """`t05.1f03ac`: one name for all parameters of a test and for all rounds of a loop."""
    return f"{label.partition('[')[0]}.{lines.get(place, f'line{place[1]}')}"


def _statements(node: ast.AST, function: str) -> Iterator[tuple[str, ast.stmt]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield function, child
        inner = f"{function}.{child.name}" if isinstance(child, ast.FunctionDef | ast.ClassDef) else function
        yield from _statements(child, inner)
