"""A name that a test looked for and did not find: what in the student's file may have been meant to be it."""

from __future__ import annotations

import ast
import difflib
from pathlib import Path


def closest_definition(name: str, path: Path) -> list[str]:
    """A line that names the closest function, class, method or variable of the file; none without one."""
    owner, _, wanted = name.rpartition(".")
    found = difflib.get_close_matches(wanted, _defined(path, owner), n=1)
    return [f"{path.name} has {found[0]!r}: is that meant to be it?"] if found else []


def _defined(path: Path, owner: str) -> list[str]:
    """Names bound at the top level, or in the class `owner`. The file is read, not run."""
    try:
        body = ast.parse(path.read_bytes()).body
    except (OSError, SyntaxError, ValueError, RecursionError):
        return []
    if owner:
        body = [
            node for cls in body if isinstance(cls, ast.ClassDef) and cls.name == owner for node in cls.body
        ]
    named = [node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assigned = [node for statement in body if isinstance(statement, ast.Assign) for node in statement.targets]
    return named + [node.id for node in assigned if isinstance(node, ast.Name)]
